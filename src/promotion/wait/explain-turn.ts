import { cancelCommand, promoteCommand, showCommand } from "../../domain/command-line.ts";
import type { Lock, Waiter } from "../../domain/lock.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { compareVersions, type VersionOrder } from "../../domain/version-order.ts";

/** Version and id, so that nobody has to look up what stands in the way. */
export function describeWaiter({ version, promotion }: Waiter): string {
  return `${version} (${promotion})`;
}

/**
 * Why a promotion is superseded, and the commands that go on with it where there are any:
 * `promote`, because `retry` is for what a push started.
 */
export function supersededReason(promotion: Promotion, { next, owner }: Lock): string {
  const { environment, version } = promotion;
  const ahead = next ?? owner;
  if (!ahead || ahead.promotion === promotion.id) {
    return `${environment} was handed over in the meantime; run ${promoteCommand(promotion)}`;
  }
  if (ahead.version === version) {
    return `another promotion of ${version} took its place: ${describeWaiter(ahead)}; see ${showCommand(ahead.promotion)}`;
  }
  if (!next) {
    return owner?.phase === "waiting"
      ? `${environment} now belongs to ${describeWaiter(ahead)}; run ${promoteCommand(promotion)} to wait behind it`
      : `${environment} now belongs to ${describeWaiter(ahead)}; run ${promoteCommand(promotion)} when it has ended`;
  }
  return `${describeWaiter(next)} already waits behind ${owner ? describeWaiter(owner) : "the environment's owner"}; to promote ${version} instead, run ${cancelCommand(next.promotion)}, then ${promoteCommand(promotion)}`;
}

/** Where the owner would make the version too old: how the version goes first. */
export function overtakeHint(
  { version }: Promotion,
  owner: Lock["owner"],
  order: VersionOrder,
): readonly string[] {
  if (
    order === "pushed" ||
    owner?.phase !== "waiting" ||
    compareVersions(order, owner.version, version) <= 0
  ) {
    return [];
  }
  return [
    `once ${owner.version} is promoted, ${version} is older than what runs; run ${cancelCommand(owner.promotion)} to let ${version} go first`,
  ];
}
