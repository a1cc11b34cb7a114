import { scenarios } from "./fault-case.ts";
import { sweepScenario } from "./sweep-scenario.ts";

sweepScenario(scenarios[1]);
