import type { MinorSchemas } from "@promoter/kubernetes-schemas";
import { didYouMean } from "../../closest-match.ts";
import type { FieldPath } from "../containers.ts";
import { describePath } from "../field-path.ts";
import type { ObjectProblem } from "../object-problem.ts";
import type { Judging } from "./judging.ts";

/** An object around a field, and the type of its fields. */
export interface Parent {
  readonly path: FieldPath;
  readonly type: string;
}

export interface UnknownField {
  readonly name: string;
  readonly value: unknown;
  readonly path: FieldPath;
  readonly parents: readonly Parent[];
  readonly judging: Judging;
}

/** A field that the type does not have: what was meant, most likely. */
export function unknownField(unknown: UnknownField): ObjectProblem {
  const { path, judging } = unknown;
  const { minor } = judging.schemas;
  const since = sinceMinor(unknown);
  const remedy =
    since === undefined
      ? (spelling(unknown) ?? elsewhere(unknown) ?? "remove it, or correct its name")
      : "remove it, or judge by the version that the cluster has (`version` of the cluster in promoter.yml)";
  return {
    path,
    at: "key",
    message:
      since === undefined
        ? `there is no field ${describePath(path)}`
        : `there is no field ${describePath(path)} in Kubernetes ${minor}: it ${since}`,
    remedy,
  };
}

/** Other minors have it: the cluster is older or newer than the object. */
function sinceMinor({
  name,
  parents,
  judging: { all, schemas },
}: UnknownField): string | undefined {
  const type = parents.at(-1)?.type ?? "";
  const minors = all.minors.filter((minor) => hasField(all.of(minor), type, name));
  const [first, last] = [minors[0], minors.at(-1)];
  if (first === undefined) return undefined;
  const isLater = all.minors.indexOf(first) > all.minors.indexOf(schemas.minor);
  return isLater ? `came with ${first}` : `went after ${last}`;
}

function hasField(schemas: MinorSchemas | undefined, type: string, name: string): boolean {
  return fieldsOf(schemas, type).includes(name);
}

function spelling({ name, parents, judging }: UnknownField): string | undefined {
  const names = fieldsOf(judging.schemas, parents.at(-1)?.type ?? "");
  return didYouMean(name, names);
}

/** Indented too far or too little: an object around it has the field, or one beside it. */
function elsewhere({ name, parents, judging: { schemas } }: UnknownField): string | undefined {
  const outer = parents.slice(0, -1).findLast(({ type }) => fieldsOf(schemas, type).includes(name));
  if (outer) {
    const at = outer.path.length === 0 ? "the top of the object" : describePath(outer.path);
    return `move it to ${at}, which has such a field`;
  }
  const parent = parents.at(-1);
  if (!parent) return undefined;
  const inner = [...schemas.type(parent.type).fields].find(
    ([, { shape }]) => shape.kind === "object" && fieldsOf(schemas, shape.type).includes(name),
  );
  return (
    inner && `move it into ${describePath([...parent.path, inner[0]])}, which has such a field`
  );
}

function fieldsOf(schemas: MinorSchemas | undefined, type: string): readonly string[] {
  return schemas?.hasType(type) ? [...schemas.type(type).fields.keys()] : [];
}
