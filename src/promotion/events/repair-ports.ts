import type { Approvals } from "../../ports/approvals.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { StartPorts } from "../release/start-promotion.ts";
import type { SettlePorts } from "./on-execution-ended.ts";

export type RepairPorts = SettlePorts &
  StartPorts & {
    readonly configurations: Configurations;
    readonly approvals: Pick<Approvals, "read">;
  };
