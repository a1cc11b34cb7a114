import * as z from "zod";
import { promoteCommand, promotedCommand } from "../command-line.ts";
import { shortHash } from "../hash.ts";
import { describeGoingBack } from "../plan.ts";
import {
  compareVersions,
  isPrerelease,
  isValidVersion,
  versionExamples,
} from "../version-order.ts";
import type { ReleaseFacts } from "./facts.ts";
import type { ReleaseRule, RuleResult } from "./rule.ts";

/**
 * Always on, whoever starts it: the promoter goes backwards only where that was asked for, and what
 * is final stays what it is.
 */
export const isNewerThanCurrent = {
  name: "order",
  subject: "release",
  description:
    "The version is newer than what runs, and its digests are the ones that were promoted under this version before.",
  options: z.unknown(),
  check(facts) {
    const { version, set, current, final, order } = facts;
    if (final !== undefined && final !== set) {
      return { kind: "refuse", reason: rebuilt(facts, final) };
    }
    if (!isValidVersion(order, version)) {
      return {
        kind: "refuse",
        reason: `${version} is not a valid ${order} version; use one such as ${versionExamples[order]}`,
      };
    }
    if (facts.back) return judgeGoingBack(facts);
    if (!current) return { kind: "pass", reason: "nothing runs yet" };
    if (current.set === set) {
      return { kind: "pass", reason: `${current.version} already runs with these digests` };
    }
    if (isNewer(facts, current)) {
      return { kind: "pass", reason: `${version} follows ${current.version}` };
    }
    return { kind: "refuse", reason: notNewer(facts, current) };
  },
} as const satisfies ReleaseRule<unknown>;

type Current = NonNullable<ReleaseFacts["current"]>;

/**
 * A version that the order cannot read, or that promoter.yml no longer accepts, was promoted on
 * other terms; it blocks no one.
 */
function isNewer(
  { order, version, pushedAt, takesRebuilds = false }: ReleaseFacts,
  current: Current,
): boolean {
  if (current.versionRefusal !== undefined) return true;
  if (takesRebuilds && version === current.version) return pushedAt > current.pushedAt;
  if (order === "pushed") return pushedAt > current.pushedAt;
  return (
    !isValidVersion(order, current.version) || compareVersions(order, version, current.version) > 0
  );
}

function judgeGoingBack(facts: ReleaseFacts): RuleResult {
  const { environment, version, set, current, order } = facts;
  const forward = promoteCommand({ ...facts, back: undefined });
  if (!current) {
    const why = `nothing runs in ${environment}, so there is nothing to go back from`;
    return { kind: "refuse", reason: `${why}; run ${forward}` };
  }
  if (current.set === set) {
    const reason = `${environment} runs ${current.version} with these digests already`;
    return { kind: "refuse", reason: `${reason}; ${promotedCommand(facts)} lists what ran before` };
  }
  if (isOlder(facts, current)) {
    return { kind: "pass", reason: describeGoingBack({ fromVersion: current.version, version }) };
  }
  const why = `${environment} runs ${current.version}, and ${version} is not older (order ${order})`;
  return { kind: "refuse", reason: `${why}; run ${forward}` };
}

/** What the order cannot read can be neither older nor newer. */
function isOlder({ order, version, pushedAt }: ReleaseFacts, current: Current): boolean {
  if (order === "pushed") return pushedAt < current.pushedAt;
  return (
    !isValidVersion(order, current.version) || compareVersions(order, version, current.version) < 0
  );
}

function rebuilt({ version, set, rebuilt: members = [] }: ReleaseFacts, final: string): string {
  const differences =
    members.length > 0
      ? members
      : [`final is set ${shortHash(final)}, and this is set ${shortHash(set)}`];
  const others = `the digests of ${version} are final, and these differ: ${differences.join("; ")}`;
  return `${others}; give the rebuilt images a new version`;
}

function notNewer(
  { application, environment, version, set, order }: ReleaseFacts,
  current: Current,
): string {
  const runs = `${environment} runs ${current.version} (set ${shortHash(current.set)})`;
  const relation =
    version === current.version
      ? `and this is ${version} with other digests (set ${shortHash(set)})`
      : `and ${version} is not newer (order ${order})`;
  const push = "push the older images under a new, higher version";
  if (version === current.version) return `${runs}, ${relation}; ${push}`;
  const back = `${promoteCommand({ application, version, environment, back: true })} goes back to it if it ran here`;
  if (!isBehindPrerelease(version, current)) return `${runs}, ${relation}; ${back}, or ${push}`;
  const policy = "`versions: { prereleases: refuse }`";
  const again = promoteCommand({ application, version, environment });
  return (
    `${runs}, a pre-release, ${relation}; to continue with ${version}, ` +
    `set ${policy} for ${environment} in promoter.yml, deploy it, and ${again}; or ${push}`
  );
}

/**
 * A pre-release that runs for trial does not block the hotfix below it forever: an environment that
 * takes none lets it pass.
 */
function isBehindPrerelease(version: string, current: Current): boolean {
  return isPrerelease(current.version) && !isPrerelease(version);
}
