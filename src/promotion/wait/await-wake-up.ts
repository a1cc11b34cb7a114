import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Wait } from "../../ports/waits.ts";
import { openPromotion } from "../record/open-promotion.ts";
import type { StepInput } from "../step/step-result.ts";
import { isStopped } from "./wake-conditions.ts";
import { wake, wakeNeeds } from "./wake.ts";

export interface AwaitInput extends StepInput {
  /** Task token. */
  readonly token: string;
  /** Seconds after which the state machine continues by itself. */
  readonly seconds: number;
}

export const awaitNeeds = [
  ...wakeNeeds,
  "promotions.read",
  "waits.store",
] as const satisfies readonly Need[];

/** Stores the token, then checks again: what happened in between would otherwise be missed. */
export async function awaitWakeUp(
  { promotion: id, token, seconds, kind }: AwaitInput & { readonly kind: Wait["kind"] },
  ports: PortsFor<typeof awaitNeeds>,
  hasHappened: (promotion: Promotion) => Promise<boolean>,
): Promise<void> {
  const now = ports.clock.now();
  await ports.waits.store({ promotion: id, kind, token, since: now, until: now + seconds * 1000 });
  const promotion = await openPromotion(ports.promotions, id).catch(async (error: unknown) => {
    // It has ended since: nothing would wake it or replace this wait.
    await ports.waits.remove(id, token);
    throw error;
  });
  if (isStopped(promotion) || (await hasHappened(promotion))) await wake(ports, id, [kind]);
}
