import { holdsPods, kindOf } from "../../domain/pod-spec/kinds.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";

export const describeRollbackNeeds = ["promotions.readSnapshot"] as const satisfies readonly Need[];

/** What a rollback left, in words: after a first release nothing runs. */
export async function describeRollback(
  { id }: Pick<Promotion, "id">,
  { promotions }: PortsFor<typeof describeRollbackNeeds>,
): Promise<string> {
  const { objects = [] } = (await promotions.readSnapshot(id)) ?? {};
  if (objects.some((one) => one.kind === "existed" && holdsPods(one.object))) {
    return "what ran before runs again";
  }
  const staying = objects.flatMap((one) =>
    one.kind === "absent" && kindOf(one.ref).outlivesRollback ? [one.ref.kind] : [],
  );
  const stays = staying.length > 0 ? `; its ${staying.join(", ")} stays` : "";
  return `nothing ran before, so nothing runs now: what it created was removed${stays}`;
}
