import type { Promotion } from "../../domain/promotion.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { rollingKinds } from "./look-at-rollout.ts";

/** What the way back left, in words: after a first release nothing runs. */
export async function describeRollback(
  { id }: Pick<Promotion, "id">,
  { promotions }: { readonly promotions: Pick<Promotions, "readSnapshot"> },
): Promise<string> {
  const { objects = [] } = (await promotions.readSnapshot(id)) ?? {};
  if (objects.some((one) => one.kind === "existed" && rollingKinds.includes(one.object.kind))) {
    return "what ran before runs again";
  }
  const stays = objects.some((one) => one.kind === "absent" && one.ref.kind === "Namespace")
    ? "; its Namespace stays"
    : "";
  return `nothing ran before, so nothing runs now: what it created was removed${stays}`;
}
