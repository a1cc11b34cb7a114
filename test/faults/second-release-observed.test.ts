import { observed } from "./fault-case.ts";
import { sweepScenario } from "./sweep-scenario.ts";

sweepScenario(observed);
