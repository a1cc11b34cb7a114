import * as z from "zod";

interface TextForm {
  /** `is not a valid …`, for the message. */
  readonly expected: string;
  /** May look at the whole document. */
  readonly remedy: string | ((text: string, document: unknown) => string);
  /** For editors; at least as wide as what `parse` takes. */
  readonly pattern?: string;
  /** For editors, and for the fault when the value is not a text. */
  readonly examples?: readonly string[];
}

/**
 * A text that a parser of the domain takes; the fault says what was expected and what to write
 * instead.
 */
export function parsedText<T>(
  parse: (text: string) => T | undefined,
  { expected, remedy, pattern, examples }: TextForm,
): z.ZodType<T, string> {
  const text = z
    .string()
    .meta({
      ...(pattern === undefined ? {} : { pattern }),
      ...(examples === undefined ? {} : { examples }),
    });
  return text.transform((input, context) => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.issues.push({
      code: "custom",
      message: `${JSON.stringify(input)} is not a valid ${expected}`,
      params: {
        remedy:
          typeof remedy === "string" ? remedy : (document: unknown) => remedy(input, document),
      },
      input,
    });
    return z.NEVER;
  });
}

/** A text of the given form, taken as it is. */
export function textLike(form: RegExp, said: Omit<TextForm, "pattern">): z.ZodType<string, string> {
  return parsedText((text) => (form.test(text) ? text : undefined), {
    ...said,
    pattern: form.source,
  });
}

/** That of a custom issue. */
export function remedyOf(
  params: Readonly<Record<string, unknown>> | undefined,
  { value }: { readonly value: unknown },
): string | undefined {
  const remedy = params?.["remedy"];
  if (typeof remedy === "function") return String(remedy(value));
  return typeof remedy === "string" ? remedy : undefined;
}
