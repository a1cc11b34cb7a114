import type { MergedBy, MinorSchemas, Shape } from "@promoter/kubernetes-schemas";
import { isRecord } from "../../json.ts";
import type { FieldPath } from "../containers.ts";
import { describePath } from "../field-path.ts";
import type { ObjectProblem } from "../object-problem.ts";

/** Two elements of one key, by the schema of a built-in kind. */
export function repeatedElements(
  list: readonly unknown[],
  { of, merge }: Extract<Shape, { readonly kind: "list" }>,
  { path, schemas }: { readonly path: FieldPath; readonly schemas: MinorSchemas },
): readonly ObjectProblem[] {
  const fields = of.kind === "object" ? schemas.type(of.type).fields : undefined;
  return repeatedProblems(list, { merge, path, defaultOf: (key) => fields?.get(key)?.default });
}

export interface ListKeys {
  readonly merge: MergedBy;
  readonly path: FieldPath;
  /** The key of an element without protocol is that of a TCP one. */
  readonly defaultOf: (key: string) => unknown;
}

/**
 * Two elements of one key: server-side apply answers them with an error of the server itself, and
 * kubectl lets one of them win.
 */
export function repeatedProblems(
  list: readonly unknown[],
  { merge, path, defaultOf }: ListKeys,
): readonly ObjectProblem[] {
  if (merge === "atomic") return [];
  const seen = list.map((element) =>
    merge === "set" ? JSON.stringify(element) : keyOf(element, merge, defaultOf),
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
  defaultOf: ListKeys["defaultOf"],
): string | undefined {
  if (!isRecord(element)) return undefined;
  const parts = keys.map((key) => ({ key, value: element[key] ?? defaultOf(key) }));
  if (parts.some(({ value }) => value === undefined || typeof value === "object")) return undefined;
  const [first] = parts;
  return first?.key === "name" && keys.length === 1
    ? `named ${JSON.stringify(first.value)}`
    : `with ${parts.map(({ key, value }) => `${key} ${String(value)}`).join(", ")}`;
}
