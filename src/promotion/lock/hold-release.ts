import type { Promotion } from "../../domain/promotion.ts";
import type { Clock } from "../../ports/clock.ts";
import { pinSet, type CurrentRelease, type Environments } from "../../ports/environments.ts";

interface HoldPorts {
  readonly environments: Pick<Environments, "writeHold">;
  readonly clock: Clock;
}

/** A release that was rolled back is not promoted again automatically. */
export async function holdRelease(
  promotion: Promotion,
  reason: string,
  { environments, clock }: HoldPorts,
): Promise<void> {
  const { id, set, version } = promotion;
  if (set === undefined) return;
  await environments.writeHold(promotion, { set, version, by: id, since: clock.now(), reason });
}

/** An environment that went back takes nothing newer by itself. */
export async function pinRelease(
  promotion: Promotion,
  from: Pick<CurrentRelease, "version"> | undefined,
  { environments, clock }: HoldPorts,
): Promise<void> {
  const { id, version, requester = "unknown", reason } = promotion;
  const why = `${requester} went back from ${from?.version ?? "nothing"}${reason === undefined ? "" : `: ${reason}`}`;
  const pin = { set: pinSet, pin: true, version, by: id, since: clock.now(), reason: why } as const;
  await environments.writeHold(promotion, pin);
}
