import type { Approval } from "../../../src/domain/approval.ts";
import type { Lock } from "../../../src/domain/lock.ts";
import type { EnvironmentKey, Promotion } from "../../../src/domain/promotion.ts";
import { digestsIn } from "../images.ts";
import type { Effect } from "../sandbox.ts";
import { environmentOf } from "./one-writer-at-a-time.ts";
import type { Observed, Promised } from "./promise.ts";

/**
 * Nothing gets a production tag, and nothing runs, but what enough people approved who were
 * approvers when the writing began.
 */
export const approvedDigestsOnly: Promised = (observed) => {
  const { world } = observed;
  const allowed = new Map<string, Set<string>>();
  const broken: string[] = [];
  const pending: Promise<void>[] = [];
  const allow = (environment: string, digests: readonly string[]): void => {
    allowed.set(environment, new Set([...(allowed.get(environment) ?? []), ...digests]));
  };
  const note = async (effect: Effect): Promise<void> => {
    const { environment, digests, faults } = await judge(observed, effect);
    allow(environment, digests);
    broken.push(...faults);
  };
  world.watchers.push((effect) => {
    if (isBegin(effect)) pending.push(note(effect));
    const environment = environmentOf(effect);
    if (environment === undefined) return;
    const stray = writtenDigests(effect).filter((digest) => !allowed.get(environment)?.has(digest));
    broken.push(
      ...stray.map(
        (digest) =>
          `${effect.guest.key} wrote ${digest.slice(0, 15)} to ${environment}, for which no writing had begun`,
      ),
    );
  });
  return async () => {
    await Promise.all(pending);
    return broken;
  };
};

function isBegin({ port, method, args, result, guest: { step } }: Effect): boolean {
  return (
    step === "BeginWriting" &&
    port === "environments" &&
    method === "writeLock" &&
    result === true &&
    (args[1] as Lock).owner?.phase === "writing"
  );
}

interface Judged {
  readonly environment: string;
  readonly digests: readonly string[];
  readonly faults: readonly string[];
}

async function judge({ world, images }: Observed, { guest, args }: Effect): Promise<Judged> {
  const { environment } = args[0] as EnvironmentKey;
  const owner = (args[1] as Lock).owner;
  const id = owner?.promotion ?? "";
  const promotion = await world.stores.promotions.read(id);
  const approval = await world.stores.approvals.read(id, owner?.plan ?? "");
  const digests = (promotion?.members ?? []).map(({ digest }) => digest as string);
  const { asks, approvers, required, scan } = world.deploymentOf(guest);
  const bad = digests.filter((digest) => images.find(digest)?.critical);
  const faults = [
    ...(asks && environment === "production"
      ? unapproved(approval, { approvers, required, promotion })
      : []),
    ...(scan ? bad.map((digest) => `${digest.slice(0, 15)} has CRITICAL findings`) : []),
  ];
  return {
    environment,
    digests,
    faults: faults.map(
      (fault) => `${world.label(id)} began to write to ${environment}, although ${fault}`,
    ),
  };
}

interface Policy {
  readonly approvers: readonly string[];
  readonly required: number;
  readonly promotion: Promotion | undefined;
}

function unapproved(
  approval: Approval | undefined,
  { approvers, required, promotion }: Policy,
): readonly string[] {
  if (approval?.state !== "approved") return [`nobody has approved its plan (${approval?.state})`];
  const counted = approval.votes.filter(
    ({ user, choice }) =>
      choice === "approve" && approvers.includes(user) && user !== promotion?.requester,
  );
  if (counted.length >= required) return [];
  return [
    `${approval.votes.map(({ user }) => user).join(", ")} approved it, and approvers are ${approvers.join(", ")}, of whom ${required} must approve`,
  ];
}

/** Those that the plan pins, of an object; the digest of the manifest, of a tag. */
function writtenDigests({ port, method, args }: Effect): readonly string[] {
  if (port === "registry") return [(args[2] as { readonly digest: string }).digest];
  return method === "apply" ? digestsIn(args[0]) : [];
}
