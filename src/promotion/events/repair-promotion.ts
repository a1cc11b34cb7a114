import type { Promotion } from "../../domain/promotion.ts";
import type { OpenPromotion } from "../../ports/open-work.ts";
import { settlePromotion } from "../lock/settle-promotion.ts";
import { announce } from "../steps/announce.ts";
import { factsChanged, isItsTurn, isOver, isStopped, isVoteOver } from "../wait/wake-conditions.ts";
import { wake } from "../wait/wake.ts";
import type { RepairPorts } from "./repair-ports.ts";

const maxFirstStepTime = 2 * 60 * 60_000;

/** Closes it if its execution is over, wakes it if what it waits for has happened. */
export async function repairPromotion(
  work: OpenPromotion,
  application: string,
  ports: RepairPorts,
): Promise<readonly string[]> {
  const { id } = work;
  const settled = await settlePromotion(id, ports);
  if (settled === "closed") {
    const { outcome } = await announce.run({ promotion: id }, ports);
    return [`${id} closed as ${outcome}`];
  }
  if (settled === "unknown") return forgetUnopened(work, application, ports);
  const promotion = await ports.promotions.read(id);
  if (!promotion || !(await isReadyToWake(promotion, ports))) return [];
  return (await wake(ports, id)) ? [`${id} woken`] : [];
}

/**
 * Its execution died in the first step, between the open work and the record. Nine tries of five
 * minutes with their pauses take an hour, and an abandoned function may write the record even
 * later; its open work must still be there.
 */
async function forgetUnopened(
  { id, since }: OpenPromotion,
  application: string,
  ports: RepairPorts,
): Promise<readonly string[]> {
  const now = ports.clock.now();
  if (now < since + maxFirstStepTime) return [];
  if (!isOver({ openedAt: since }, await ports.workflow.status(id), now)) return [];
  await ports.openWork.remove(application, { kind: "promotion", id });
  return [`${id} dropped: it never opened`];
}

async function isReadyToWake(promotion: Promotion, ports: RepairPorts): Promise<boolean> {
  const wait = await ports.waits.read(promotion.id);
  if (!wait) return false;
  if (isStopped(promotion)) return true;
  switch (wait.kind) {
    case "facts":
      return factsChanged(promotion);
    case "turn":
      return isItsTurn(promotion, await ports.environments.readLock(promotion));
    case "vote":
      return isVoteOver(promotion, ports);
    default:
      return wait.kind satisfies never;
  }
}
