import { resumeCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import { claimRestore, forgetRestored, markRestored } from "../../domain/lock/restore.ts";
import type { EnvironmentKey, Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { describeRollback, describeRollbackNeeds } from "../cluster/describe-rollback.ts";
import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import { restoreSnapshot, restoreSnapshotNeeds } from "../cluster/restore-snapshot.ts";
import { claimOf, underClaim } from "../lock/claim-writing.ts";
import { holdRelease } from "../lock/hold-release.ts";
import {
  settleEnvironment,
  settleEnvironmentNeeds,
  stillWriting,
} from "../lock/settle-environment.ts";
import type { Running } from "../lock/writing-step.ts";
import { changeLock } from "../record/change-lock.ts";
import { environmentOf } from "../record/find-environment.ts";
import { noteRequest } from "../record/note-request.ts";
import type { StepResult } from "../record/step-result.ts";
import { task } from "../record/task.ts";

export interface RestoreInput extends EnvironmentKey, Running {
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
 * `resume --roll-back`: puts back what ran before an unsettled environment was changed, and counts
 * it as settled once that is healthy. Applies at the first call and looks at every further one, so
 * it is called until it no longer says `progressing`; after `stalled` the next call applies again.
 * Throws `NotFound`, `NotAllowed`, `TimeRanOut`.
 */
export const restoreEnvironment = task({
  name: "RestoreEnvironment",
  needs,
  async run(
    input: RestoreInput,
    ports,
  ): Promise<StepResult<"progressing" | "stalled" | "resumed">> {
    const { unsettled } = await ports.environments.readLock(input);
    if (!unsettled) throw await inOrder(input, ports);
    const promotion = await changedBy({ key: input, by: unsettled.by }, ports);
    const applied = unsettled.restored ? [] : await restore({ input, promotion }, ports);
    const look = await pollPromotion(promotion, ports);
    if (look.kind === "progressing") {
      return {
        outcome: "progressing",
        seconds: look.seconds,
        reasons: [...applied, ...look.reasons],
      };
    }
    const { outcome, reasons } =
      look.kind === "complete"
        ? await settled({ input, promotion }, ports)
        : await stalled({ input, promotion, reasons: look.reasons }, ports);
    return { outcome, reasons: [...applied, ...reasons] };
  },
});

/**
 * An environment that is gone from promoter.yml may still be unsettled; of any other one that is
 * not there the name is wrong.
 */
async function inOrder(
  key: EnvironmentKey,
  { configurations }: RestoreEnvironmentPorts,
): Promise<PromoterError> {
  environmentOf(await configurations.read(), key);
  return new PromoterError(
    "NotAllowed",
    `${key.environment} is in order: no promotion stopped in the middle, so there is nothing to roll back`,
  );
}

async function changedBy(
  { key, by }: { readonly key: EnvironmentKey; readonly by: string },
  { promotions }: RestoreEnvironmentPorts,
): Promise<Promotion> {
  const promotion = await promotions.read(by);
  if (!promotion) {
    throw new PromoterError(
      "NotFound",
      `the record of ${by}, which left the environment unsettled, is gone; ${byHand(key)}`,
    );
  }
  return promotion;
}

function byHand(key: EnvironmentKey): string {
  return `fix the cluster by hand, then run ${resumeCommand(key, "--settled")}`;
}

interface Restoring {
  readonly input: RestoreInput;
  readonly promotion: Promotion;
}

async function restore(
  restoring: Restoring,
  ports: RestoreEnvironmentPorts,
): Promise<readonly string[]> {
  const { input, promotion } = restoring;
  const snapshot = await ports.promotions.readSnapshot(promotion.id);
  if (!snapshot) {
    throw new PromoterError(
      "NotAllowed",
      `${promotion.id} has no snapshot of what ran before; ${byHand(input)}`,
    );
  }
  const claimed = await changeLock(ports.environments, input, (lock) =>
    claimRestore(lock, { ...claimOf(input), by: promotion.id, now: ports.clock.now() }),
  );
  if (claimed.kind !== "write") throw new PromoterError("NotAllowed", refusals[claimed.kind]);
  await note(
    restoring,
    { outcome: "restoring", reasons: [`${input.by} requested a rollback`] },
    ports,
  );
  await holdRelease(promotion, `it was rolled back by ${input.by}`, ports);
  const reasons = await underClaim(
    { ...input, key: input, end: markRestored },
    ports,
    (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports),
  );
  await note(restoring, { outcome: "restored", reasons }, ports);
  return reasons;
}

const refusals = {
  "not-unsettled": "someone else has settled the environment",
  busy: stillWriting,
  same: "it is already being rolled back",
} as const;

/** Who says so stands in the trail before it is so. */
async function settled(
  restoring: Restoring,
  ports: RestoreEnvironmentPorts,
): Promise<StepResult<"resumed">> {
  const {
    input,
    promotion: { id },
  } = restoring;
  const result = {
    outcome: "resumed",
    reasons: [
      `${await describeRollback({ id }, ports)}, and ${input.environment} was declared settled by ${input.by}`,
    ],
  } as const;
  await settleEnvironment(
    { key: input, by: id, note: () => note(restoring, result, ports) },
    ports,
  );
  return result;
}

async function stalled(
  { reasons: found, ...restoring }: Restoring & { readonly reasons: readonly string[] },
  ports: RestoreEnvironmentPorts,
): Promise<StepResult<"stalled">> {
  const { input } = restoring;
  const how = `the rollback stalled; fix it by hand, then run ${resumeCommand(input, "--settled")}, or run ${resumeCommand(input, "--roll-back")} to apply it again`;
  const result = { outcome: "stalled", reasons: [how, ...found] } as const;
  await note(restoring, result, ports);
  await changeLock(ports.environments, input, forgetRestored);
  return result;
}

async function note(
  { input: { by }, promotion }: Restoring,
  { outcome, reasons }: Pick<StepResult, "outcome" | "reasons">,
  ports: RestoreEnvironmentPorts,
): Promise<void> {
  const step = "RestoreEnvironment";
  await noteRequest(promotion.id, { step, subject: outcome, by, outcome, reasons }, ports);
}
