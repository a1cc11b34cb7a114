import { isRecord } from "../../src/domain/json.ts";
/**
 * Where a variable such as `${self:custom.delivery}` gets its value from. Undefined: not set, the
 * default applies.
 */
export type VariableSources = Readonly<Record<string, (address: string) => unknown>>;

/**
 * The framework's variables, as far as serverless.yml uses them: `${source:address}`,
 * `${source(argument):address}` and `${source:address, 'default'}`. Everything else in `${…}` is
 * left alone: it belongs to CloudFormation or to the state machine.
 */
export function resolveVariables(value: unknown, sources: VariableSources): unknown {
  if (typeof value === "string") return resolveText(value, sources);
  if (Array.isArray(value)) return value.map((item) => resolveVariables(item, sources));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolveVariables(member, sources)]),
  );
}

const variable =
  /\$\{(\w+)(?:\(([^)]*)\))?:(?!:)([^,}]*)(?:,\s*'([^']*)')?\}|\$\{(\w+)\(([^)]*)\)\}/g;

function resolveText(text: string, sources: VariableSources): unknown {
  const found = [...text.matchAll(variable)];
  const [first] = found;
  if (!first) return text;
  if (first[0] === text) return valueOf(first, sources);
  return text.replaceAll(variable, (...match) => String(valueOf(match, sources)));
}

function valueOf(match: readonly unknown[], sources: VariableSources): unknown {
  const [whole, named, argument, address, fallback, bare, bareArgument] = match.map((part) =>
    typeof part === "string" ? part : undefined,
  );
  const source = sources[named ?? bare ?? ""];
  if (!source) {
    throw new Error(
      `serverless.yml uses ${whole}, which scripts/stack/resolve-variables.ts does not know`,
    );
  }
  const place = argument ?? bareArgument;
  const value =
    source(place === undefined ? (address ?? "") : `${place}:${address ?? ""}`) ?? fallback;
  if (value === undefined) throw new Error(`serverless.yml uses ${whole}, which has no value`);
  return resolveVariables(value, sources);
}
