import type { ChoiceState } from "../definition/state-machine.ts";
import { aBoolean, evaluateAs } from "../query/expect-type.ts";
import { evaluate, failureIn, leave, type Exit, type Visit } from "./visit.ts";

/**
 * "If a Choice Rule matches, Step Functions evaluates only that rule's Assign field"; the state's
 * own only for Default (developer guide "state-choice").
 */
export async function chooseState(state: ChoiceState, visit: Visit): Promise<Exit> {
  for (const rule of state.rules) {
    const holds = await evaluate(visit, {}, (bindings) =>
      evaluateAs(rule.condition, bindings, { ...aBoolean, location: rule.location }),
    );
    if (holds) return await leave(visit, rule, { otherwise: visit.input });
  }
  if (state.fallback) return await leave(visit, state.fallback, { otherwise: visit.input });
  // AWS reports States.Runtime here, where the specification of the language has States.NoChoiceMatched
  throw failureIn(
    visit,
    "States.Runtime",
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}
