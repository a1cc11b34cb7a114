import { settle, type Unsettled } from "../domain/lock.ts";
import { PromoterError } from "../domain/errors.ts";
import type { EnvironmentKey } from "../domain/promotion.ts";
import { changeLock } from "./change-lock.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { ClosePromotionPorts } from "./close-promotion.ts";
import { environmentOf } from "./environment-of.ts";
import type { StepResult } from "./step-result.ts";
import { wake } from "./wake.ts";

export interface ResumeInput extends EnvironmentKey {
  readonly by: string;
  /** A person looked at the cluster and says that it is in order. */
  readonly settled: boolean;
}

/** Lifts what keeps an environment from taking releases: its holds, and with `settled` that it counts as unsettled. Throws `NotAllowed`, `NotFound`. */
export async function resumeEnvironment({ settled, by, ...key }: ResumeInput, ports: ClosePromotionPorts & { readonly configurations: Configurations }): Promise<StepResult<"resumed">> {
  environmentOf(await ports.configurations.read(), key);
  const { unsettled } = await ports.environments.readLock(key);
  if (unsettled && !settled) throw new PromoterError("NotAllowed", `${key.environment} is unsettled since ${unsettled.by}: ${unsettled.reason}; look at the cluster, then say \`resume --settled\``);
  const holds = await ports.environments.readHolds(key);
  await Promise.all(holds.map(({ set }) => ports.environments.clearHold(key, set)));
  if (unsettled) await settleLock({ key, unsettled }, ports);
  return { outcome: "resumed", reasons: [...holds.map(({ version }) => `the hold on ${version} is lifted by ${by}`), ...(unsettled ? [`${key.environment} counts as settled again, says ${by}`] : [])] };
}

/** Whoever waits for the environment gets it. Throws `NotAllowed` while a given-up function may still be writing. */
async function settleLock({ key, unsettled }: { readonly key: EnvironmentKey; readonly unsettled: Unsettled }, ports: ClosePromotionPorts): Promise<void> {
  if ((unsettled.writingUntil ?? 0) > ports.clock.now()) throw new PromoterError("NotAllowed", "a function that was given up may still be writing; try again in a few minutes");
  const done = await changeLock(ports.environments, key, settle);
  if (done.kind === "write" && done.lock.owner) await wake(ports, done.lock.owner.promotion, ["turn"]);
}
