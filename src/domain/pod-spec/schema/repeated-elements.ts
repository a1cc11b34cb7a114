import type { FieldSchema, MinorSchemas, Shape } from "@promoter/kubernetes-schemas";
import { isRecord, type JsonRecord } from "../../json.ts";
import type { FieldPath } from "../containers.ts";
import { describePath } from "../field-path.ts";
import type { ObjectProblem } from "../object-problem.ts";

/**
 * Two elements of one key: server-side apply answers them with an error of the server itself, and
 * kubectl lets one of them win.
 */
export function repeatedElements(
  list: readonly unknown[],
  { of, merge }: Extract<Shape, { readonly kind: "list" }>,
  { path, schemas }: { readonly path: FieldPath; readonly schemas: MinorSchemas },
): readonly ObjectProblem[] {
  if (merge === "atomic") return [];
  const fields = of.kind === "object" ? schemas.type(of.type).fields : new Map<string, never>();
  const seen = list.map((element) =>
    merge === "set" ? JSON.stringify(element) : keyOf(element, merge, fields),
  );
  return seen.flatMap((key, index) =>
    key === undefined || seen.indexOf(key) === index
      ? []
      : [
          {
            path: merge === "set" ? [...path, index] : [...path, index, merge[0] ?? ""],
            message: `${describePath(path)} has two ${key}`,
            remedy: "keep one of the two: the API server tells them apart by nothing else",
          },
        ],
  );
}

/** undefined for what has other faults, which are told elsewhere. */
function keyOf(
  element: unknown,
  keys: readonly string[],
  fields: ReadonlyMap<string, FieldSchema>,
): string | undefined {
  if (!isRecord(element)) return undefined;
  const parts = keys.map((key) => ({ key, value: keyValue(element, key, fields.get(key)) }));
  if (parts.some(({ value }) => value === undefined)) return undefined;
  const [first] = parts;
  return first?.key === "name" && keys.length === 1
    ? `named ${JSON.stringify(first.value)}`
    : `with ${parts.map(({ key, value }) => `${key} ${String(value)}`).join(", ")}`;
}

/** The key of an element without protocol is that of a TCP one. */
function keyValue(
  element: JsonRecord,
  key: string,
  field: FieldSchema | undefined,
): string | number | boolean | undefined {
  const value = element[key] ?? field?.default;
  return typeof value === "object" || value === undefined
    ? undefined
    : (value as string | number | boolean);
}
