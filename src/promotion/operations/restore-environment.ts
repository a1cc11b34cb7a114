import { resumeCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import { claimRestore, forgetRestored, markRestored } from "../../domain/lock/restore.ts";
import type { EnvironmentKey, Promotion, PromotionId } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { describeRollback, describeRollbackNeeds } from "../cluster/describe-rollback.ts";
import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import { restoreSnapshot, restoreSnapshotNeeds } from "../cluster/restore-snapshot.ts";
import { holdRelease } from "../lock/hold-release.ts";
import {
  settleEnvironment,
  settleEnvironmentNeeds,
  stillWriting,
} from "../lock/settle-environment.ts";
import { claimOf, runUnderClaim } from "../lock/write-under-claim.ts";
import type { FunctionRun } from "../lock/writing-step.ts";
import { changeLock } from "../record/change-lock.ts";
import { environmentOf } from "../record/find-environment.ts";
import { noteRequest } from "../record/note-request.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";

export interface RestoreInput extends EnvironmentKey, FunctionRun {
  readonly by: string;
}

const needs = [
  ...restoreSnapshotNeeds,
  ...settleEnvironmentNeeds,
  ...pollPromotionNeeds,
  ...describeRollbackNeeds,
  "promotions.read",
  "environments.writeHold",
  "trail.append",
] as const satisfies readonly Need[];
type RestoreEnvironmentPorts = PortsFor<typeof needs>;

/**
 * `resume --roll-back`: restores what ran before an unsettled environment was changed, and settles
 * it once that is healthy. The first call applies and every further one polls, so it is called
 * until it no longer answers `progressing`; after `stalled` the next call applies again. Throws
 * `NotFound`, `NotAllowed`, `TimeRanOut`.
 */
export const restoreEnvironment = task({
  name: "RestoreEnvironment",
  needs,
  async run(
    input: RestoreInput,
    ports,
  ): Promise<StepResult<"progressing" | "stalled" | "resumed">> {
    const { unsettled } = await ports.environments.readLock(input);
    if (!unsettled) throw await nothingToRollBack(input, ports);
    const promotion = await unsettlingPromotion(input, unsettled.by, ports);
    const applied = unsettled.restored ? [] : await restore(promotion, input, ports);
    const poll = await pollPromotion(promotion, ports);
    if (poll.kind === "progressing") {
      return {
        outcome: "progressing",
        seconds: poll.seconds,
        reasons: [...applied, ...poll.reasons],
      };
    }
    const { outcome, reasons } =
      poll.kind === "complete"
        ? await settle(promotion, input, ports)
        : await recordStall(promotion, { input, reasons: poll.reasons }, ports);
    return { outcome, reasons: [...applied, ...reasons] };
  },
});

/**
 * An environment that was removed from promoter.yml may still be unsettled; any other unknown name
 * is wrong.
 */
async function nothingToRollBack(
  key: EnvironmentKey,
  { configurations }: RestoreEnvironmentPorts,
): Promise<PromoterError> {
  environmentOf(await configurations.read(), key);
  return new PromoterError(
    "NotAllowed",
    `${key.environment} is in order: no promotion stopped in the middle, so there is nothing to roll back`,
  );
}

async function unsettlingPromotion(
  key: EnvironmentKey,
  by: PromotionId,
  { promotions }: RestoreEnvironmentPorts,
): Promise<Promotion> {
  const promotion = await promotions.read(by);
  if (!promotion) {
    throw new PromoterError(
      "NotFound",
      `the record of ${by}, which left the environment unsettled, is gone; ${manualRemedy(key)}`,
    );
  }
  return promotion;
}

function manualRemedy(key: EnvironmentKey): string {
  return `fix the cluster by hand, then run ${resumeCommand(key, "--settled")}`;
}

async function restore(
  promotion: Promotion,
  input: RestoreInput,
  ports: RestoreEnvironmentPorts,
): Promise<readonly string[]> {
  const snapshot = await ports.promotions.readSnapshot(promotion.id);
  if (!snapshot) {
    throw new PromoterError(
      "NotAllowed",
      `${promotion.id} has no snapshot of what ran before; ${manualRemedy(input)}`,
    );
  }
  const claimed = await changeLock(ports.environments, input, (lock) =>
    claimRestore(lock, { ...claimOf(input), by: promotion.id, now: ports.clock.now() }),
  );
  if (claimed.kind !== "write") throw new PromoterError("NotAllowed", refusals[claimed.kind]);
  const { by } = input;
  await note(
    promotion,
    { by, outcome: "restoring", reasons: [`${by} requested a rollback`] },
    ports,
  );
  await holdRelease(promotion, `it was rolled back by ${input.by}`, ports);
  const reasons = await runUnderClaim(
    { ...input, key: input, end: markRestored },
    ports,
    (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports),
  );
  await note(promotion, { by, outcome: "restored", reasons }, ports);
  return reasons;
}

const refusals = {
  "not-unsettled": "someone else has settled the environment",
  busy: stillWriting,
  same: "it is already being rolled back",
} as const;

/** The trail names who asked for it before it takes effect. */
async function settle(
  promotion: Promotion,
  input: RestoreInput,
  ports: RestoreEnvironmentPorts,
): Promise<StepResult<"resumed">> {
  const { id } = promotion;
  const restored = await describeRollback({ id }, ports);
  const result = {
    outcome: "resumed",
    reasons: [`${restored}, and ${input.environment} was declared settled by ${input.by}`],
  } as const;
  await settleEnvironment(
    { key: input, by: id, note: () => note(promotion, { by: input.by, ...result }, ports) },
    ports,
  );
  return result;
}

async function recordStall(
  promotion: Promotion,
  { input, reasons }: { readonly input: RestoreInput; readonly reasons: readonly string[] },
  ports: RestoreEnvironmentPorts,
): Promise<StepResult<"stalled">> {
  const result = { outcome: "stalled", reasons: [stallRemedy(input), ...reasons] } as const;
  await note(promotion, { by: input.by, ...result }, ports);
  await changeLock(ports.environments, input, forgetRestored);
  return result;
}

function stallRemedy(key: EnvironmentKey): string {
  const byHand = `fix it by hand, then run ${resumeCommand(key, "--settled")}`;
  return `the rollback stalled; ${byHand}, or run ${resumeCommand(key, "--roll-back")} to apply it again`;
}

async function note(
  { id }: Promotion,
  { by, outcome, reasons }: Pick<StepResult, "outcome" | "reasons"> & { readonly by: string },
  ports: RestoreEnvironmentPorts,
): Promise<void> {
  const step = "RestoreEnvironment";
  await noteRequest(id, { step, subject: outcome, by, outcome, reasons }, ports);
}
