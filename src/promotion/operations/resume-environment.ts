import { describeUnsettled } from "../../domain/describe-unsettled.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Unsettled } from "../../domain/lock.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { settleEnvironment, settleEnvironmentNeeds } from "../lock/settle-environment.ts";
import { environmentOf } from "../record/find-environment.ts";
import { noteRequest } from "../record/note-request.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";

export interface ResumeInput extends EnvironmentKey {
  readonly by: string;
  /** A person has checked the cluster and declares it in order. */
  readonly settled: boolean;
}

const needs = [
  ...settleEnvironmentNeeds,
  "environments.readHolds",
  "environments.clearHold",
  "trail.append",
] as const satisfies readonly Need[];
type ResumeEnvironmentPorts = PortsFor<typeof needs>;

/**
 * Lifts what keeps an environment from taking releases: its holds and, with `settled`, its
 * unsettled state. Throws `NotAllowed`, `NotFound`.
 */
export const resumeEnvironment = task({
  name: "ResumeEnvironment",
  needs,
  async run({ settled, by, ...key }: ResumeInput, ports): Promise<StepResult<"resumed">> {
    const { unsettled } = await ports.environments.readLock(key);
    if (unsettled && !settled) {
      throw new PromoterError("NotAllowed", describeUnsettled(key, unsettled));
    }
    const settling = unsettled ? await declareSettled({ ...key, by }, unsettled, ports) : [];
    const reasons = [...(await liftHolds({ ...key, by }, ports)), ...settling];
    // An environment that was removed from promoter.yml may have something to lift; else its name is wrong.
    if (reasons.length === 0) environmentOf(await ports.configurations.read(), key);
    return {
      outcome: "resumed",
      reasons:
        reasons.length > 0
          ? reasons
          : [`nothing was on hold in ${key.environment}, and it is in order; nothing was changed`],
    };
  },
});

async function declareSettled(
  { by, ...key }: Omit<ResumeInput, "settled">,
  unsettled: Unsettled,
  ports: ResumeEnvironmentPorts,
): Promise<readonly string[]> {
  const reason = `${key.environment} was declared settled by ${by}`;
  await settleEnvironment(
    { key, by: unsettled.by, note: () => note(unsettled.by, { by, reason }, ports) },
    ports,
  );
  return [reason];
}

async function liftHolds(
  { by, ...key }: Omit<ResumeInput, "settled">,
  ports: ResumeEnvironmentPorts,
): Promise<readonly string[]> {
  const lifted: string[] = [];
  for (const { set, version, pin, by: promotion } of await ports.environments.readHolds(key)) {
    const what = pin ? `the hold on everything newer than ${version}` : `the hold on ${version}`;
    const reason = `${what} was lifted by ${by}`;
    await note(promotion, { by, reason }, ports);
    await ports.environments.clearHold(key, set);
    lifted.push(reason);
  }
  return lifted;
}

/** Stands with the promotion that made it necessary. */
async function note(
  promotion: string,
  { by, reason }: { readonly by: string; readonly reason: string },
  ports: ResumeEnvironmentPorts,
): Promise<void> {
  const request = { step: "ResumeEnvironment", subject: reason, by, outcome: "resumed" };
  await noteRequest(promotion, { ...request, reasons: [reason] }, ports);
}
