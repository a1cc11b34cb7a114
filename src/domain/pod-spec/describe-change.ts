import { isDigest, shortDigest } from "../image/digest.ts";
import { parseReference, type Reference } from "../image/reference.ts";
import type { Difference } from "../plan.ts";

type Values = Pick<Difference["fields"][number], "from" | "to">;

interface ChangeView {
  readonly maxLength: number;
  /** By digest, as far as they are known. */
  readonly versions: ReadonlyMap<string, string>;
}

/**
 * Old and new value of a field in at most `maxLength` characters each, so that people see what
 * differs: of an image its tag, or the version that its digest is, and the short digest.
 */
export function describeChange(
  { path, from, to }: Difference["fields"][number],
  { maxLength, versions }: ChangeView,
): Values {
  const images =
    /\.image(?:\.reference)?$/.test(path) && from !== undefined && to !== undefined
      ? shortImages(from, to, versions)
      : undefined;
  return shortenPair(images ?? { from, to }, maxLength);
}

/** undefined: the two could no longer be told apart. */
function shortImages(
  from: string,
  to: string,
  versions: ChangeView["versions"],
): Values | undefined {
  const [before, after] = [parseReference(from), parseReference(to)];
  if (!before || !after) return undefined;
  const named = before.name !== after.name;
  const short = {
    from: imageText(withVersion(before, versions), named),
    to: imageText(withVersion(after, versions), named),
  };
  return short.from === short.to ? undefined : short;
}

function withVersion(reference: Reference, versions: ChangeView["versions"]): Reference {
  const { tag, digest = "" } = reference;
  return { ...reference, tag: tag ?? versions.get(digest) };
}

function imageText({ name, tag, digest }: Reference, named: boolean): string {
  const version = [
    ...(tag === undefined ? [] : [tag]),
    ...(digest === undefined ? [] : [isDigest(digest) ? shortDigest(digest) : digest]),
  ].join("@");
  if (version === "") return named ? name : "(no tag)";
  return named ? `${name}:${version}` : version;
}

/** Who else has written a field that changes, as people are told behind it. */
export function describeWriters({ by = [] }: Pick<Difference["fields"][number], "by">): string {
  return by.length === 0 ? "" : ` (written by ${by.join(" and ")})`;
}

/** What others have written was nobody's plan. */
export function othersFirst(fields: Difference["fields"]): Difference["fields"] {
  return [...fields.filter(({ by }) => by), ...fields.filter(({ by }) => !by)];
}

/** The workloads whose pods a promotion replaces; new ones start. */
export function describeRestarts(differences: readonly Difference[]): string {
  const restarted = differences.flatMap(({ object, restartedBy }) => (restartedBy ? [object] : []));
  if (restarted.length > 0) return `pods restart: ${restarted.join(", ")}`;
  return differences.some(({ kind }) => kind === "create")
    ? "no pod that runs restarts"
    : "nothing restarts";
}

/** What is left as it is although the objects may say otherwise, and what else is to be known. */
export function describeKept({
  scaledBy,
  note,
}: Pick<Difference, "scaledBy" | "note">): readonly string[] {
  return [
    ...(scaledBy === undefined ? [] : [`spec.replicas stays as it is: ${scaledBy} scales it`]),
    ...(note === undefined ? [] : [note]),
  ];
}

/** How much of what is the same stays in front of the first difference. */
const context = 12;

/** Cuts both where they differ, never only at the end: values that begin alike would look the same. */
export function shortenPair({ from, to }: Values, maxLength: number): Values {
  const same = from === undefined || to === undefined ? 0 : commonStart(from, to);
  return {
    from: from === undefined ? undefined : cut(from, same, maxLength),
    to: to === undefined ? undefined : cut(to, same, maxLength),
  };
}

function commonStart(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  for (let at = 0; at < end; at += 1) if (one[at] !== other[at]) return at;
  return end;
}

function cut(text: string, same: number, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const start = same + context < maxLength ? 0 : same - context;
  const head = start === 0 ? "" : "…";
  const rest = text.slice(start);
  const room = maxLength - head.length;
  return `${head}${rest.length <= room ? rest : `${rest.slice(0, room - 1)}…`}`.toWellFormed();
}
