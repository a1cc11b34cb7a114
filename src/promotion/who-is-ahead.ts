import type { Lock, Waiter } from "../domain/lock.ts";
import type { EnvironmentKey, Promotion } from "../domain/promotion.ts";
import { compareVersions, type VersionOrder } from "../domain/version-order.ts";

/** Version and id, so that nobody has to look up what stands in the way. */
export function named({ version, promotion }: Waiter): string {
  return `${version} (${promotion})`;
}

/** Why a promotion is superseded, and the commands that go on with it where there are any. */
export function whyNotNext(promotion: Promotion, { next, owner }: Lock): string {
  const { environment, version } = promotion;
  const ahead = next ?? owner;
  if (!ahead || ahead.promotion === promotion.id) return `${environment} was handed over meanwhile; ${again(promotion)}`;
  if (ahead.version === version) return `another promotion of ${version} took the place: ${named(ahead)}, which \`show ${ahead.promotion}\` tells of`;
  if (!next) return owner?.phase === "waiting" ? `${environment} belongs to ${named(ahead)} now; ${again(promotion)} to wait behind it` : `${environment} belongs to ${named(ahead)} now; ${again(promotion)} when it has ended`;
  return `${named(next)} has the one place behind ${owner ? named(owner) : "the environment's owner"}; to go on with ${version} instead, \`cancel ${next.promotion}\`, then ${again(promotion)}`;
}

/** Works for every ending, whoever started the promotion; `retry` would not. */
function again({ application, version, environment }: EnvironmentKey & Pick<Promotion, "version">): string {
  return `\`promote ${application} ${version} ${environment}\``;
}

/** Where the owner would make the version too old: how the version goes first. */
export function howToGoFirst({ version }: Promotion, owner: Lock["owner"], order: VersionOrder): readonly string[] {
  if (order === "pushed" || owner?.phase !== "waiting" || compareVersions(order, owner.version, version) <= 0) return [];
  return [`once ${owner.version} is promoted, ${version} is older than what runs; \`cancel ${owner.promotion}\` lets ${version} go first`];
}
