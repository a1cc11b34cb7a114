import { settle } from "../domain/lock.ts";
import { PromoterError } from "../domain/errors.ts";
import type { EnvironmentKey } from "../domain/promotion.ts";
import type { Clock } from "../ports/clock.ts";
import type { Environments } from "../ports/environments.ts";
import { changeLock } from "./change-lock.ts";
import { wake, type WakePorts } from "./wake.ts";

export interface SettleEnvironmentPorts extends WakePorts {
  readonly environments: Environments;
  readonly clock: Clock;
}

/** The environment counts as in order again, and whoever waits for it gets it. Throws `NotAllowed` while a function may still be writing. */
export async function settleEnvironment(key: EnvironmentKey, ports: SettleEnvironmentPorts): Promise<void> {
  const done = await changeLock(ports.environments, key, (lock) => settle(lock, { now: ports.clock.now() }));
  if (done.kind === "busy") throw new PromoterError("NotAllowed", "a function may still be writing to the cluster; try again in a few minutes");
  if (done.kind === "write" && done.lock.owner) await wake(ports, done.lock.owner.promotion, ["turn"]);
}
