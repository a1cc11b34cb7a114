import type { FieldSchema, Shape } from "@promoter/kubernetes-schemas";
import { isList, isRecord, type JsonRecord } from "../../json.ts";
import type { FieldPath } from "../containers.ts";
import type { ObjectProblem } from "../object-problem.ts";
import { expectedInstead } from "./judge-scalar.ts";
import type { Judging } from "./judging.ts";
import { isDemanded, openEnumerations } from "./left-out.ts";
import { repeatedElements } from "./repeated-elements.ts";
import { unknownField, type Parent } from "./unknown-field.ts";
import { missingField, notAmong, wrongType } from "./value-problems.ts";

export interface JudgedPlace {
  readonly path: FieldPath;
  readonly judging: Judging;
  /** The objects around it, the outermost first. */
  readonly parents: readonly Parent[];
}

/** An object of a named type: its fields, and those that are missing. */
export function judgeFields(
  value: unknown,
  type: string,
  place: JudgedPlace,
): readonly ObjectProblem[] {
  const { judging, path } = place;
  if (value === null || value === undefined) return [];
  if (!isRecord(value)) return [wrongType(value, "a map", path)];
  const { fields } = judging.schemas.type(type);
  const parents = [...place.parents, { path, type }];
  const known = Object.entries(value).flatMap(([name, member]) => {
    const field = fields.get(name);
    const at = { path: [...path, name], judging, parents };
    if (field) return judgeField(member, { ...field, key: `${type} ${name}` }, at);
    return judging.newer === undefined ? [unknownField({ name, value: member, ...at })] : [];
  });
  return [...known, ...missingFields(value, { type, fields, place })];
}

function judgeField(
  value: unknown,
  { shape, values, key }: FieldSchema & { readonly key: string },
  place: JudgedPlace,
): readonly ObjectProblem[] {
  const problems = judgeShape(value, shape, place);
  const isOpen = place.judging.newer !== undefined || openEnumerations.has(key);
  return problems.length > 0 || values === undefined || isOpen
    ? problems
    : notAmong(value, values, place.path);
}

/** Null is nothing to the server, whatever the type. */
function judgeShape(value: unknown, shape: Shape, place: JudgedPlace): readonly ObjectProblem[] {
  if (value === null || value === undefined) return [];
  switch (shape.kind) {
    case "any":
      return [];
    case "scalar": {
      const what = expectedInstead(value, shape.type);
      return what === undefined ? [] : [wrongType(value, what, place.path)];
    }
    case "object":
      return judgeFields(value, shape.type, place);
    case "map":
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, member]) =>
            judgeShape(member, shape.of, { ...place, path: [...place.path, key] }),
          )
        : [wrongType(value, "a map", place.path)];
    case "list":
      return judgeList(value, shape, place);
    default:
      return shape satisfies never;
  }
}

function judgeList(
  value: unknown,
  shape: Extract<Shape, { readonly kind: "list" }>,
  { path, ...place }: JudgedPlace,
): readonly ObjectProblem[] {
  if (!isList(value)) return [wrongType(value, "a list", path)];
  const problems = value.flatMap((element, index) => {
    const at = { ...place, path: [...path, index] };
    return element === null && typeof shape.merge === "object"
      ? [wrongType(element, "a map", at.path)]
      : judgeShape(element, shape.of, at);
  });
  return [...problems, ...repeatedElements(value, shape, { path, schemas: place.judging.schemas })];
}

/** Required by the document, and by the server, as far as it has been asked. */
function missingFields(
  value: JsonRecord,
  {
    type,
    fields,
    place: { path, judging },
  }: {
    readonly type: string;
    readonly fields: ReadonlyMap<string, FieldSchema>;
    readonly place: JudgedPlace;
  },
): readonly ObjectProblem[] {
  const missing = [...fields].filter(
    ([name, { required }]) =>
      required &&
      (value[name] === undefined || value[name] === null) &&
      isDemanded(type, name, judging),
  );
  return missing.map(([name]) => missingField(name, value, path));
}
