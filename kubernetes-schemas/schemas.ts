import { parseField, type FieldSchema } from "./field-text.ts";

export type { FieldSchema, MergedBy, ScalarType, Shape } from "./field-text.ts";

/** What kubernetes.json holds. */
export interface SchemaData {
  readonly minors: readonly string[];
  /** By `apps/v1 Deployment`. */
  readonly kinds: FromMinorOn<KindData>;
  /** By `apps.v1.DeploymentSpec`. */
  readonly types: FromMinorOn<TypeData>;
}

/** By name, then by the minor from which on it means this; null: it is gone from there on. */
type FromMinorOn<T> = Readonly<Record<string, Readonly<Record<string, T | null>>>>;

export interface KindData {
  /** As in the path of its objects. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** The name of the type that has its fields. */
  readonly type: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

export interface TypeData {
  /** One owner has all of it in server-side apply. */
  readonly atomic?: boolean;
  /** Each as `parseField` reads it. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface KindSchema extends KindData {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface TypeSchema {
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** The kinds and types of one minor version. Everything is read when it is asked for, once. */
export interface MinorSchemas {
  readonly minor: string;
  readonly kind: (apiVersion: string, kind: string) => KindSchema | undefined;
  /** Of every built-in kind that can be created, those of APIs that are off by default too. */
  readonly kinds: () => readonly KindSchema[];
  /** Throws for a name that no field and no kind of this minor mentions. */
  readonly type: (name: string) => TypeSchema;
  readonly hasType: (name: string) => boolean;
}

export interface KubernetesSchemas {
  /** The oldest first. */
  readonly minors: readonly string[];
  /** undefined for a minor that is not among them. */
  readonly of: (minor: string) => MinorSchemas | undefined;
}

export function kubernetesSchemas(data: SchemaData): KubernetesSchemas {
  const { minors } = data;
  const of = keep((minor: string) => minorSchemas(data, minor));
  return { minors, of: (minor) => (minors.includes(minor) ? of(minor) : undefined) };
}

function minorSchemas({ minors, kinds, types }: SchemaData, minor: string): MinorSchemas {
  const upTo = minors.slice(0, minors.indexOf(minor) + 1);
  const meaning = <T>(named: FromMinorOn<T>, name: string): T | undefined => {
    const meanings = Object.hasOwn(named, name) ? named[name] : undefined;
    const last = upTo.findLast((one) => meanings?.[one] !== undefined);
    return (last === undefined ? undefined : meanings?.[last]) ?? undefined;
  };
  const kind = keep((key: string): KindSchema | undefined => {
    const found = meaning(kinds, key);
    const [apiVersion = "", name = ""] = key.split(" ");
    return found && { ...found, apiVersion, kind: name };
  });
  return {
    minor,
    kind: (apiVersion, name) => kind(`${apiVersion} ${name}`),
    kinds: () => Object.keys(kinds).flatMap((key) => kind(key) ?? []),
    type: keep((name) => {
      const found = meaning(types, name);
      if (!found) throw new Error(`Kubernetes ${minor} has no type ${name}`);
      return typeSchema(found);
    }),
    hasType: (name) => meaning(types, name) !== undefined,
  };
}

function typeSchema({ atomic = false, fields }: TypeData): TypeSchema {
  return {
    atomic,
    fields: new Map(Object.entries(fields).map(([name, text]) => [name, parseField(text)])),
  };
}

function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined || made.has(key)) return known as T;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
