import type {
  FieldSchema,
  KindSchema,
  MinorSchemas,
  ScalarType,
  Shape,
} from "@promoter/kubernetes-schemas";
import type { FieldPath } from "../../src/domain/pod-spec/containers.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";

/** An object that has one thing wrong with it, and the same object without that. */
export interface Mutated {
  readonly kind: KindSchema;
  readonly what: "unknown" | "wrong type" | "missing" | "repeated" | "not among";
  /** Type and field, `core.v1.Container image`. */
  readonly field: string;
  readonly path: FieldPath;
  readonly base: KubernetesObject;
  readonly object: KubernetesObject;
}

/** Without the first two nobody knows what the object is, and no object may have the last. */
const apart = new Set(["apiVersion", "kind", "metadata.managedFields"]);

/**
 * Each way to be wrong of each field of each type that a kind can have somewhere, at the nearest
 * such place.
 */
export function mutatedObjects(
  schemas: MinorSchemas,
  kinds: readonly KindSchema[],
): readonly Mutated[] {
  return [...nearestPlaces(schemas, kinds)].flatMap(([type, place]) => {
    const fields = [...schemas.type(type).fields].filter(
      ([name]) => !apart.has([...place.path, name].join(".")),
    );
    return [
      unknownMutation(type, place, schemas),
      ...fields.flatMap((named) => fieldMutations(named, { type, ...place }, schemas)),
    ];
  });
}

function unknownMutation(type: string, { kind, path }: TypePlace, schemas: MinorSchemas): Mutated {
  const base = objectWith(schemas, kind, path);
  const at = [...path, "bogus"];
  const object = withValue(base, at, 1);
  return { kind, what: "unknown", field: `${type} bogus`, path: at, base, object };
}

function fieldMutations(
  [name, field]: readonly [string, FieldSchema],
  { type, kind, path }: TypePlace & { readonly type: string },
  schemas: MinorSchemas,
): readonly Mutated[] {
  const at = [...path, name];
  const base = withValue(objectWith(schemas, kind, path), at, valueFor(field, name, schemas));
  const of = (what: Mutated["what"], value: unknown): Mutated => ({
    kind,
    what,
    field: `${type} ${name}`,
    path: at,
    base,
    object: withValue(base, at, value),
  });
  const [wrong, twice] = [wrongFor(field.shape), repeated(field, name, schemas)];
  return [
    ...(wrong === undefined ? [] : [of("wrong type", wrong)]),
    ...(field.required ? [of("missing", undefined)] : []),
    ...(twice ? [of("repeated", twice)] : []),
    ...(field.values ? [of("not among", amongNone(field.shape))] : []),
  ];
}

interface TypePlace {
  readonly kind: KindSchema;
  readonly path: FieldPath;
}

/** Breadth first, so that a type is met where it is nearest to the top of an object. */
function nearestPlaces(
  schemas: MinorSchemas,
  kinds: readonly KindSchema[],
): ReadonlyMap<string, TypePlace> {
  const found = new Map<string, TypePlace>(
    kinds.map((kind) => [kind.type, { kind, path: [] }] as const),
  );
  for (const [type, { kind, path }] of found) {
    for (const [name, { shape }] of schemas.type(type).fields) {
      if (path.length === 0 && name === "status") continue;
      if (apart.has([...path, name].join("."))) continue;
      const inner = typeWithin(shape, [...path, name]);
      if (inner && !found.has(inner.type)) found.set(inner.type, { kind, path: inner.path });
    }
  }
  return found;
}

function typeWithin(
  shape: Shape,
  path: FieldPath,
): { readonly type: string; readonly path: FieldPath } | undefined {
  if (shape.kind === "object") return { type: shape.type, path };
  if (shape.kind === "list") return typeWithin(shape.of, [...path, 0]);
  return shape.kind === "map" ? typeWithin(shape.of, [...path, "key"]) : undefined;
}

/** With the least that is required, and an object at the path. */
function objectWith(schemas: MinorSchemas, kind: KindSchema, path: FieldPath): KubernetesObject {
  const object = {
    ...(fieldsFor(kind.type, schemas) as object),
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name: "a" },
  };
  let at = object as Record<string | number, unknown>;
  let shape: Shape = { kind: "object", type: kind.type, atomic: undefined };
  for (const step of path) {
    if (shape.kind === "object") {
      const found: FieldSchema | undefined = schemas.type(shape.type).fields.get(String(step));
      if (!found) throw new Error(`${shape.type} has no ${step}`);
      shape = found.shape;
    } else if (shape.kind === "list" || shape.kind === "map") {
      shape = shape.of;
    }
    at[step] ??= emptyFor(shape, schemas);
    at = at[step] as Record<string | number, unknown>;
  }
  return object;
}

function emptyFor(shape: Shape, schemas: MinorSchemas): unknown {
  if (shape.kind === "list") return [];
  return shape.kind === "object" ? fieldsFor(shape.type, schemas) : {};
}

function fieldsFor(type: string, schemas: MinorSchemas): unknown {
  const required = [...schemas.type(type).fields].filter(([, field]) => field.required);
  return Object.fromEntries(
    required.map(([name, field]) => [name, valueFor(field, name, schemas)]),
  );
}

function valueFor({ shape, values }: FieldSchema, name: string, schemas: MinorSchemas): unknown {
  const plain = (inner: Shape): unknown => {
    if (inner.kind === "scalar") return values?.find((one) => one !== "") ?? scalarFor(inner.type);
    if (inner.kind === "list") return [plain(inner.of)];
    if (inner.kind === "map") return { key: plain(inner.of) };
    return inner.kind === "object" ? fieldsFor(inner.type, schemas) : {};
  };
  return name === "apiVersion" ? "v1" : plain(shape);
}

const scalarValues: Readonly<Record<ScalarType, unknown>> = {
  string: "a",
  byte: "YQ==",
  "date-time": "2026-01-01T00:00:00Z",
  boolean: true,
  int32: 1,
  int64: 1,
  double: 1,
  "int-or-string": 1,
  quantity: "1",
};

function scalarFor(type: ScalarType): unknown {
  return scalarValues[type];
}

function wrongFor(shape: Shape): unknown {
  if (shape.kind !== "scalar") return shape.kind === "any" ? undefined : "text";
  if (shape.type === "string") return 7;
  return shape.type === "int-or-string" ? 1.5 : "?";
}

function repeated({ shape, values }: FieldSchema, name: string, schemas: MinorSchemas): unknown {
  if (shape.kind !== "list" || shape.merge === "atomic") return undefined;
  const [element] = valueFor({ shape, values } as FieldSchema, name, schemas) as unknown[];
  const keys = typeof shape.merge === "string" ? [] : shape.merge;
  const whole =
    typeof element === "object"
      ? {
          ...element,
          ...Object.fromEntries(keys.map((key) => [key, keyFor(shape.of, key, schemas)])),
        }
      : element;
  return [whole, whole];
}

function keyFor(shape: Shape, key: string, schemas: MinorSchemas): unknown {
  const field = shape.kind === "object" ? schemas.type(shape.type).fields.get(key) : undefined;
  return field && valueFor(field, key, schemas);
}

function amongNone(shape: Shape): unknown {
  if (shape.kind === "list") return [amongNone(shape.of)];
  return shape.kind === "map" ? { key: amongNone(shape.of) } : "Unheard";
}

function withValue(object: KubernetesObject, path: FieldPath, value: unknown): KubernetesObject {
  const copy = structuredClone(object) as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy as KubernetesObject;
}
