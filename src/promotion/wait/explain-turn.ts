import { cancelCommand, promoteCommand, showCommand } from "../../domain/command-line.ts";
import type { Lock, Waiter } from "../../domain/lock.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { compareVersions, type VersionOrder } from "../../domain/version-order.ts";

/** Version and id, so that what stands in the way need not be looked up. */
export function describeWaiter({ version, promotion }: Waiter): string {
  return `${version} (${promotion})`;
}

/**
 * Why a promotion is superseded, and the commands to promote it anyway where there are any:
 * `promote`, because `retry` is for what a push started.
 */
export function supersededReason(promotion: Promotion, { next, owner }: Lock): string {
  const { environment, version } = promotion;
  const ahead = next ?? owner;
  if (!ahead || ahead.promotion === promotion.id) {
    return `${environment} was handed over in the meantime; run ${promoteCommand(promotion)}`;
  }
  if (ahead.version === version) {
    const which = `${describeWaiter(ahead)}; see ${showCommand(ahead.promotion)}`;
    return `another promotion of ${version} took its place: ${which}`;
  }
  if (!next) {
    return owner?.phase === "waiting"
      ? `${environment} now belongs to ${describeWaiter(ahead)}; run ${promoteCommand(promotion)} to wait behind it`
      : `${environment} now belongs to ${describeWaiter(ahead)}; run ${promoteCommand(promotion)} when it has ended`;
  }
  const holder = owner ? describeWaiter(owner) : "the environment's owner";
  const commands = `${cancelCommand(next.promotion)}, then ${promoteCommand(promotion)}`;
  return `${describeWaiter(next)} already waits behind ${holder}; to promote ${version} instead, run ${commands}`;
}

/** Where the owner would make the version too old: how to let the version go first. */
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
  const why = `once ${owner.version} is promoted, ${version} is older than what runs`;
  return [`${why}; run ${cancelCommand(owner.promotion)} to let ${version} go first`];
}
