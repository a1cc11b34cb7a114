import type { PromotionId } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Wait } from "../../ports/waits.ts";

export const wakeNeeds = [
  "waits.read",
  "waits.remove",
  "workflow.wake",
] as const satisfies readonly Need[];

/** Wakes a promotion if it sleeps for one of these reasons. It decides itself what follows. */
export async function wake(
  { waits, workflow }: PortsFor<typeof wakeNeeds>,
  id: PromotionId,
  kinds: readonly Wait["kind"][] = ["facts", "turn", "vote"],
): Promise<boolean> {
  const wait = await waits.read(id);
  if (!wait || !kinds.includes(wait.kind)) return false;
  const woken = await workflow.wake(wait.token);
  await waits.remove(id, wait.token);
  return woken === "woken";
}
