/**
 * Says of a field that is not known what it is, so that nobody takes a missing feature for a slip
 * of the pen.
 */
export function nameField({
  key,
  path,
  type,
}: {
  readonly key: string;
  readonly path: string;
  readonly type: string | undefined;
}): string {
  const field = path === "" ? key : `${path}.${key}`;
  const feature = features[key];
  if (feature !== undefined) return `${field} is not implemented: it belongs to ${feature}`;
  return `${field} is not a field of ${path === "" && type !== undefined ? `a ${type} state` : "this object"}`;
}

const features: Readonly<Record<string, string>> = {
  ...belongTo("JSONPath", [
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Parameters",
    "Result",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "ItemsPath",
    "MaxConcurrencyPath",
    "ErrorPath",
    "CausePath",
    "Variable",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
    "And",
    "Or",
    "Not",
  ]),
  ...belongTo("Distributed Map", [
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "ExecutionType",
  ]),
  ...belongTo("the older form of Map, without ItemProcessor", ["Iterator"]),
  ...belongTo("tasks of another account", ["Credentials"]),
};

function belongTo(feature: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, feature]));
}
