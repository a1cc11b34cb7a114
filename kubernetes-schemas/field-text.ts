/** A field, which kubernetes.json has in a short text. */
export interface FieldSchema {
  readonly shape: Shape;
  /** In the document. The API server may do without all the same: see the README. */
  readonly required: boolean;
  /** What the server fills in, where the document says so and it is not the zero of the type. */
  readonly default: unknown;
  /** The only ones that the field takes, or what is in its list or map. */
  readonly values: readonly string[] | undefined;
  /** How a strategic merge patch merges it, where that is not as a whole. */
  readonly patch: { readonly strategy: string; readonly key: string | undefined } | undefined;
}

export type Shape =
  | { readonly kind: "scalar"; readonly type: ScalarType }
  /** Has the fields of a named type. The field may say otherwise than the type whether it is atomic. */
  | { readonly kind: "object"; readonly type: string; readonly atomic: boolean | undefined }
  | { readonly kind: "map"; readonly of: Shape; readonly atomic: boolean }
  | { readonly kind: "list"; readonly of: Shape; readonly merge: MergedBy }
  | { readonly kind: "any" };

const scalars = [
  "string",
  /** In base64. */
  "byte",
  "date-time",
  "boolean",
  "int32",
  "int64",
  "double",
  "int-or-string",
  "quantity",
] as const;

export type ScalarType = (typeof scalars)[number];

/** In server-side apply: as one value, as a set of scalars, or element by element under its keys. */
export type MergedBy = "atomic" | "set" | readonly string[];

/**
 * `!` where it is required; a scalar, the name of a type or `any`; outwards from it `{}` for a map
 * and `[]`, `[set]` or `[name,protocol]` for a list; then attributes, each behind a space, the
 * values of an enumeration last.
 */
const form = /^(!?)([a-zA-Z][\w.-]*)((?:\{\}|\[[\w,]*\])*)((?: (?!enum=)\S+)*)(?: enum=(.*))?$/;

export function parseField(text: string): FieldSchema {
  const [, mark, base, around = "", behind = "", values] = form.exec(text) ?? [];
  if (base === undefined) throw new Error(`"${text}" is not a field of kubernetes.json`);
  const attributes = behind.split(" ");
  const valueOf = (name: string): string | undefined =>
    attributes.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const isAtomic = attributes.includes("atomic");
  const [strategy, key] = valueOf("patch")?.split(":") ?? [];
  const value = valueOf("default");
  return {
    shape: (around.match(/\{\}|\[[\w,]*\]/g) ?? []).reduce<Shape>(
      (of, bracket) => shapeAround(of, bracket, isAtomic),
      baseShape(base, isAtomic ? true : attributes.includes("granular") ? false : undefined),
    ),
    required: mark === "!",
    default: value === undefined ? undefined : JSON.parse(value),
    values: values?.split("|"),
    patch: strategy === undefined ? undefined : { strategy, key },
  };
}

function shapeAround(of: Shape, bracket: string, atomic: boolean): Shape {
  if (bracket === "{}") return { kind: "map", of, atomic };
  const keys = bracket.slice(1, -1);
  return {
    kind: "list",
    of,
    merge: keys === "" ? "atomic" : keys === "set" ? keys : keys.split(","),
  };
}

function baseShape(base: string, atomic: boolean | undefined): Shape {
  const scalar = scalars.find((one) => one === base);
  if (scalar !== undefined) return { kind: "scalar", type: scalar };
  return base === "any" ? { kind: "any" } : { kind: "object", type: base, atomic };
}
