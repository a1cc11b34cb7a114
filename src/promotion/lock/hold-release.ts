import type { Promotion } from "../../domain/promotion.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Environments } from "../../ports/environments.ts";

/** A release that was rolled back is not promoted again automatically. */
export async function holdRelease(
  promotion: Promotion,
  reason: string,
  {
    environments,
    clock,
  }: { readonly environments: Pick<Environments, "writeHold">; readonly clock: Clock },
): Promise<void> {
  const { id, set, version } = promotion;
  if (set === undefined) return;
  await environments.writeHold(promotion, { set, version, by: id, since: clock.now(), reason });
}
