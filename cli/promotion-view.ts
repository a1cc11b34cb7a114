import type { ShownPromotion } from "../src/promotion/show-promotion.ts";
import type { ChainedEntry } from "../src/ports/trail.ts";
import { formatDuration } from "../src/domain/duration.ts";
import { isFailure, type Ending, type MemberTags } from "../src/domain/promotion.ts";
import type { Difference } from "../src/domain/plan.ts";
import { describeChange } from "../src/domain/pod-spec/describe-change.ts";
import { shortDigest } from "../src/domain/image/digest.ts";
import type { Terminal } from "./terminal.ts";
import { told } from "./told.ts";

/**
 * Prints one line a step: when, what, how it came out, how long it took; its reasons below. A step that comes again, as all do after an
 * approval, tells only what is new. `label` tells several promotions apart.
 */
export function stepPrinter({ line, style }: Terminal, label: () => string = () => ""): (entry: ChainedEntry) => void {
  const printed = new Map<string, ReadonlySet<string>>();
  return ({ at, step, outcome, took, reasons, who }) => {
    const time = new Date(at).toISOString().slice(11, 19);
    const by = who === "promoter" ? "" : `  by ${who}`;
    const before = printed.get(step) ?? new Set<string>();
    const news = reasons.filter((reason) => !before.has(reason));
    const same = reasons.length - news.length;
    printed.set(step, new Set([...before, ...reasons]));
    line(`  ${style("dim", time)}  ${step.padEnd(20)} ${outcome.padEnd(12)} ${style("dim", formatDuration(took).padStart(6))}${by}${label()}`);
    for (const reason of [...news, ...(same > 0 ? [`${same === reasons.length ? "all" : same} as before`] : [])]) line(`            ${style("dim", `· ${told(reason)}`)}`);
  };
}

/** What is about to be done: members, tags, objects. */
export function printPlan({ line, style }: Terminal, { plan, promotion }: ShownPromotion): void {
  if (!plan) return;
  const { fromVersion, version, cluster, namespace, members } = plan.plan;
  line();
  const versions = fromVersion === version ? `${version} as it runs,` : `${fromVersion ?? "(nothing)"} -> ${version} `;
  line(`  ${style("bold", `Plan ${plan.hash.slice(0, 12)}`)}  ${promotion.application} ${versions} to ${promotion.environment} (cluster ${cluster}, namespace ${namespace})`);
  for (const { repository, digest, releaseTag, movingTag } of members) {
    const found = promotion.tags?.find((tags) => tags.repository === repository);
    line(`    ${repository.padEnd(24)} ${shortDigest(digest)}  ${tagsText(found, [releaseTag, movingTag])}`);
  }
  for (const { object, kind, fields, unchecked } of plan.differences) {
    line(`    ${kind.padEnd(7)} ${object}${unchecked ? style("dim", "  (not yet checked by the server)") : ""}`);
    if (kind === "change") for (const field of fields.slice(0, 5)) line(style("dim", `            ${field.path}: ${changeText(field)}`));
  }
}

/** A plus before the tags that are written; those in place stay. */
function tagsText(found: MemberTags | undefined, tags: readonly (string | undefined)[]): string {
  const inPlace = [found?.release, found?.moving].flatMap((one) => (one?.state === "in-place" ? [String(one.tag)] : []));
  const written = tags.filter((tag) => tag !== undefined && !inPlace.includes(tag));
  const kept = inPlace.length > 0 ? [`${inPlace.join(", ")} in place`] : [];
  return [...(written.length > 0 ? [`+ ${written.join(", ")}`] : []), ...kept].join("; ");
}

function changeText(field: Difference["fields"][number]): string {
  const { from, to } = describeChange(field, 100);
  return `${from ?? "(unset)"} -> ${to ?? "(removed)"}`;
}

export function printEnding({ line, style }: Terminal, { promotion }: ShownPromotion): void {
  const { ending, application, version, environment, openedAt, closedAt = openedAt, reasons, id } = promotion;
  if (ending === undefined) return;
  const colour = isFailure(ending) ? "red" : goodEndings.includes(ending) ? "green" : "yellow";
  line();
  line(`  ${style(["bold", colour], ending)}  ${application} ${version} to ${environment} in ${formatDuration(closedAt - openedAt)}  ${style("dim", id)}`);
  for (const reason of reasons) line(`    ${told(reason)}`);
  line();
}

const goodEndings: readonly Ending[] = ["Promoted", "AlreadyPromoted", "Planned"];
