import type { Need, PortsFor } from "../../ports/ports.ts";
import { settlePromotionNeeds } from "../lock/settle-promotion.ts";
import { startPromotionNeeds } from "../release/start-promotion.ts";
import { announceNeeds } from "../steps/announce.ts";
import { voteNeeds } from "../wait/wake-conditions.ts";

export const repairNeeds = [
  ...settlePromotionNeeds,
  ...announceNeeds,
  ...startPromotionNeeds,
  ...voteNeeds,
  "openWork.add",
  "openWork.setAside",
  "openWork.list",
  "openWork.listAll",
  "promotions.history",
] as const satisfies readonly Need[];
export type RepairPorts = PortsFor<typeof repairNeeds>;
