import { holdsPods, kindOf } from "../../domain/pod-spec/kinds.ts";
import { describeRef } from "../../domain/pod-spec/object.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";

export const describeRollbackNeeds = ["promotions.readSnapshot"] as const satisfies readonly Need[];

/** What a rollback left, in words: after a first release nothing runs. */
export async function describeRollback(
  { id }: Pick<Promotion, "id">,
  { promotions }: PortsFor<typeof describeRollbackNeeds>,
): Promise<string> {
  const { objects = [] } = (await promotions.readSnapshot(id)) ?? {};
  const left = objects.flatMap((one) => (one.kind === "left" ? [one.ref] : []));
  const asTheyAre = left.length > 0 ? `; ${left.map(describeRef).join(", ")} left as it is` : "";
  if (objects.some((one) => one.kind === "existed" && holdsPods(one.object))) {
    return `what ran before runs again${asTheyAre}`;
  }
  const staying = objects.flatMap((one) =>
    one.kind === "absent" && kindOf(one.ref).outlivesRollback ? [one.ref.kind] : [],
  );
  const stays = staying.length > 0 ? `; its ${staying.join(", ")} stays` : "";
  return `nothing ran before, so nothing runs now: what it created was removed${stays}${asTheyAre}`;
}
