import { formatDuration } from "../src/domain/duration.ts";
import { shortHash } from "../src/domain/hash.ts";
import { shortDigest } from "../src/domain/image/digest.ts";
import { describeObservation } from "../src/domain/observation.ts";
import { describeGoingBack, knownVersions, tagsOnly, type Difference } from "../src/domain/plan.ts";
import {
  describeChange,
  describeKept,
  describeRestarts,
  describeWriters,
  othersFirst,
} from "../src/domain/pod-spec/describe-change.ts";
import { goodEndings, isFailure, type MemberTags } from "../src/domain/promotion.ts";
import type { ShownPromotion } from "../src/promotion/operations/show-promotion.ts";
import { describeTimes, describeTime } from "./describe-times.ts";
import { nextStep } from "./next-step.ts";
import type { Terminal } from "./terminal.ts";

/** What is about to be done: members, tags, objects. */
export function printPlan({ line, style }: Terminal, { plan, promotion }: ShownPromotion): void {
  if (!plan) return;
  const { fromVersion, version, back, cluster, namespace, members } = plan.plan;
  line();
  const versions =
    fromVersion === version
      ? `${version} as it runs,`
      : `${fromVersion ?? "(nothing)"} -> ${version} `;
  const title = style("bold", `Plan ${shortHash(plan.hash)}`);
  const place = cluster === undefined ? tagsOnly : `cluster ${cluster}, namespace ${namespace}`;
  const target = `${promotion.environment} (${place})`;
  line(`  ${title}  ${promotion.application} ${versions} to ${target}`);
  if (back) line(`    ${describeGoingBack(plan.plan)}; newer pushes stay away until \`resume\``);
  const { observe } = plan.plan;
  if (observe) line(`    then observed ${describeObservation(observe)}`);
  for (const { digest, releaseTag, movingTag, ...member } of members) {
    const name = nameOf(member);
    const found = promotion.tags?.find((tags) => nameOf(tags) === name);
    line(
      `    ${name.padEnd(24)} ${shortDigest(digest)}  ${tagsText(found, [releaseTag, movingTag])}`,
    );
  }
  const known = knownVersions(plan.plan, promotion);
  for (const difference of plan.differences) {
    line(`    ${difference.kind.padEnd(7)} ${difference.object}`);
    for (const text of differenceLines(difference, known)) {
      line(style("dim", `            ${text}`));
    }
  }
  if (cluster !== undefined) line(`    ${describeRestarts(plan.differences)}`);
  for (const note of uncheckedNote(plan.differences)) line(style("dim", note));
}

/** By which people know a member. */
function nameOf({ name, repository }: Pick<MemberTags, "name" | "repository">): string {
  return name ?? repository;
}

const maxFields = 5;

/** What others have written comes first: it was nobody's plan. */
function differenceLines(
  difference: Difference,
  known: ReadonlyMap<string, string>,
): readonly string[] {
  if (difference.kind !== "change") return describeKept(difference);
  const fields = othersFirst(difference.fields);
  const hidden = fields.length - maxFields + (difference.more ?? 0);
  return [
    ...fields
      .slice(0, maxFields)
      .map((field) => `${field.path}: ${changeText(field, known)}${describeWriters(field)}`),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
    ...describeKept(difference),
  ];
}

/** A server validates nothing in a namespace that does not exist yet. */
function uncheckedNote(differences: readonly Difference[]): readonly string[] {
  const unchecked = differences.filter((one) => one.unchecked).length;
  if (unchecked === 0) return [];
  const some = `${unchecked} of these ${unchecked > 1 ? "are" : "is"} not`;
  const which = unchecked === differences.length ? "None of these is" : some;
  return [`    ${which} checked by the server yet: their namespace does not exist.`];
}

/** A plus before the tags that are written; those in place stay. */
function tagsText(found: MemberTags | undefined, tags: readonly (string | undefined)[]): string {
  const inPlace = [found?.release, found?.moving].flatMap((one) =>
    one?.state === "in-place" ? [String(one.tag)] : [],
  );
  const written = tags.filter((tag) => tag !== undefined && !inPlace.includes(tag));
  const kept = inPlace.length > 0 ? [`${inPlace.join(", ")} in place`] : [];
  const all = [...(written.length > 0 ? [`+ ${written.join(", ")}`] : []), ...kept];
  return all.length > 0 ? all.join("; ") : "no tags";
}

function changeText(
  field: Difference["fields"][number],
  versions: ReadonlyMap<string, string>,
): string {
  const { from, to } = describeChange(field, { maxLength: 100, versions });
  return `${from ?? "(unset)"} -> ${to ?? "(removed)"}`;
}

/** How it ended, why, who approved it, and what to do next. */
export function printEnding(
  { line, style }: Terminal,
  { promotion, approval }: ShownPromotion,
): void {
  const {
    ending,
    application,
    version,
    environment,
    openedAt,
    closedAt = openedAt,
    reasons,
    id,
  } = promotion;
  if (ending === undefined) return;
  const colour = isFailure(ending) ? "red" : goodEndings.includes(ending) ? "green" : "yellow";
  line();
  const what = `${application} ${version} to ${environment} in ${formatDuration(closedAt - openedAt)}`;
  line(`  ${style(["bold", colour], ending)}  ${what}  ${style("dim", id)}`);
  for (const reason of reasons) line(`    ${describeTimes(reason)}`);
  for (const { user, choice, at } of approval?.votes ?? []) {
    line(`    ${choice === "approve" ? "approved" : "rejected"} by ${user} at ${describeTime(at)}`);
  }
  line(style("dim", `    next: ${nextStep(ending, promotion)}`));
  line();
}
