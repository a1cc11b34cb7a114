import type { ParallelState } from "../definition/state-machine.ts";
import { runBranches } from "./run-branches.ts";
import { evaluateIf, leave, type Exit, type Visit } from "./visit.ts";
import { withRetries } from "./with-retries.ts";

export async function runParallel(state: ParallelState, visit: Visit): Promise<Exit> {
  return await withRetries(state, visit, {
    attempt: (attempt) => runOnce(state, attempt),
    onGivingUp: () => visit.fiber.record("ParallelStateFailed"),
  });
}

async function runOnce(state: ParallelState, visit: Visit): Promise<Exit> {
  const given = await evaluateIf(visit, state.arguments);
  visit.fiber.record("ParallelStateStarted");
  const input = given === undefined ? visit.input : given;
  const result = await runBranches(
    visit,
    state.branches.map((graph) => ({ graph, input })),
    state.branches.length,
  );
  visit.fiber.note("ParallelStateSucceeded");
  return await leave(visit, state, { result, otherwise: result });
}
