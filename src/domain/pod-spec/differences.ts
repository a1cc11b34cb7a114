import { isRecord, recordAt, withoutKeys, type JsonRecord } from "../json.ts";
import type { Difference } from "../plan.ts";
import { printable } from "../printable.ts";
import type { Takeover } from "./adoption.ts";
import { lastApplied, serverMetadata } from "./bookkeeping.ts";
import { othersFirst, shortenPair } from "./describe-change.ts";
import { fieldChanges, type FieldChange } from "./field-changes.ts";
import { kindOf, rolls } from "./kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "./object.ts";
import { redactSecrets } from "./secret-values.ts";

export interface ObjectStates {
  readonly intended: KubernetesObject;
  /** What the object would be by the server's dry run; undefined: it could not be asked. */
  readonly wouldBe: KubernetesObject | undefined;
  /** undefined: it does not exist. */
  readonly live: KubernetesObject | undefined;
  /** Fields of others that change or go; absent: none. */
  readonly takeovers?: readonly Takeover[];
  readonly scaledBy?: string | undefined;
}

const maxFields = 20;
const maxValueLength = 200;

/**
 * What applying would change. The server's dry run is compared as a whole, because it has every
 * default and every other owner's fields; without one only the fields that are intended are
 * compared. An object that does not exist is new as a whole and lists no fields. Of too many fields
 * those are listed that others have written.
 */
export function difference({
  intended,
  wouldBe,
  live,
  takeovers = [],
  scaledBy,
}: ObjectStates): Difference {
  const object = describeRef(refOf(intended));
  const unchecked = wouldBe === undefined;
  if (!live) return { object, kind: "create", fields: [], unchecked };
  const changes = fieldChanges({
    ...comparable({ from: live, to: wouldBe ?? intended }),
    extent: unchecked ? "intended" : "everything",
  });
  const marked = changes.map((change) => ({ ...shown(change), ...writtenBy(change, takeovers) }));
  const fields = othersFirst(marked).slice(0, maxFields);
  const more = changes.length - fields.length;
  return {
    object,
    kind: changes.length > 0 ? "change" : "same",
    fields,
    ...(more > 0 ? { more } : {}),
    ...restartedBy(intended, changes),
    ...(scaledBy === undefined ? {} : { scaledBy }),
    unchecked,
  };
}

/** A controller replaces the pods of a workload when its template changes, and only then. */
function restartedBy(
  object: KubernetesObject,
  changes: readonly FieldChange[],
): Pick<Difference, "restartedBy"> {
  if (!rolls(object)) return {};
  const paths = changes.map(({ path }) => path).filter((path) => within(path, "spec.template"));
  return paths.length > 0 ? { restartedBy: paths.slice(0, maxFields) } : {};
}

/** A change of a list as a whole is one of each of its items. */
function writtenBy(
  { path }: FieldChange,
  takeovers: readonly Takeover[],
): { readonly by?: readonly string[] } {
  const by = takeovers
    .filter(({ field }) => within(field, path) || within(path, field))
    .map(({ manager }) => manager);
  return by.length > 0 ? { by: [...new Set(by)] } : {};
}

function within(inner: string, outer: string): boolean {
  const steps = stepsOf(inner);
  return stepsOf(outer).every((step, at) => isSameStep(step, steps[at] ?? ""));
}

function stepsOf(path: string): readonly string[] {
  return path.match(/\[(?:"(?:[^"\\]|\\.)*"|[^"\]])*\]|[^.[]+/g) ?? [];
}

/** A change may know an item of a list by its place alone, and who wrote it by its keys. */
function isSameStep(one: string, other: string): boolean {
  const isPlace = /^\[\d+\]$/;
  const areItems = one.startsWith("[") && other.startsWith("[");
  return one === other || (areItems && (isPlace.test(one) || isPlace.test(other)));
}

interface Pair {
  readonly from: JsonRecord;
  readonly to: JsonRecord;
}

/** Nothing of what is the same. */
export function withStates(
  found: Difference,
  { intended, wouldBe, live }: Pick<ObjectStates, "intended" | "wouldBe" | "live">,
): Difference {
  if (found.kind === "same") return found;
  const to = wouldBe ?? intended;
  const { from, to: result } = comparable({ from: live ?? to, to });
  return { ...found, states: { live: live && from, result } };
}

/** Those of the first differences whose JSON is not longer together. */
export function limitStates(
  differences: readonly Difference[],
  maxLength: number,
): readonly Difference[] {
  let length = 0;
  return differences.map((one) => {
    const { states, ...rest } = one;
    length += JSON.stringify(states ?? {}).length;
    return length > maxLength ? rest : one;
  });
}

function comparable({
  from,
  to,
}: {
  readonly from: KubernetesObject;
  readonly to: KubernetesObject;
}): Pair {
  const pair = { from: intendedPart(from), to: intendedPart(to) };
  return kindOf(to).holds === "secrets" ? redactSecrets(pair) : pair;
}

function intendedPart(object: JsonRecord): JsonRecord {
  const metadata = withoutKeys(recordAt(object, "metadata"), serverMetadata);
  const { annotations } = metadata;
  const kept = isRecord(annotations) ? withoutKeys(annotations, [lastApplied]) : {};
  return {
    ...withoutKeys(object, ["status"]),
    metadata: {
      ...withoutKeys(metadata, ["annotations"]),
      ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}),
    },
  };
}

function shown({ path, from, to }: FieldChange): Difference["fields"][number] {
  const texts = String(from) === String(to) ? "quoted" : "bare";
  return {
    path,
    ...shortenPair({ from: textOf(from, texts), to: textOf(to, texts) }, maxValueLength),
  };
}

/** Texts are quoted where `"1"` becomes `1`. */
function textOf(value: unknown, texts: "quoted" | "bare"): string | undefined {
  if (value === undefined) return undefined;
  return printable(typeof value === "string" && texts === "bare" ? value : JSON.stringify(value));
}
