/**
 * What Step Functions takes as the name of an execution (API reference, StartExecution, parameter
 * name): 1 to 80 characters without white space, brackets, wildcards, special and control
 * characters, and surrogates. `#`, which separates the parts of our keys, is among the special
 * ones, so no id can pass for another key.
 */
const executionName =
  // oxlint-disable-next-line no-control-regex
  /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]{1,80}$/;

/**
 * Whether a text can be the id of a promotion: one of ours, or a name that a person gave an
 * execution.
 */
export function isPromotionId(text: string): boolean {
  return executionName.test(text);
}

export const promotionIdForm =
  "the name of an execution: 1 to 80 characters, " +
  'and none of white space < > { } [ ] ? * " # % \\ ^ | ~ ` $ & , ; : /';
