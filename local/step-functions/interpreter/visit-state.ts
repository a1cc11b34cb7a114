import type { Json, JsonObject } from "../../json-value.ts";
import type { State } from "../definition/state-machine.ts";
import { complete, type EventType } from "../executions/history-event.ts";
import { chooseState } from "./choose-state.ts";
import { runTask } from "./run-task.ts";
import type { Frame } from "./run.ts";
import { StateFailure } from "./state-failure.ts";
import { leave, type Exit, type Visit } from "./visit.ts";
import { waitInState } from "./wait-in-state.ts";

/** Enters a state, does what its type says, and leaves it with new variables. */
export async function visitState(state: State, frame: Frame, input: Json): Promise<Exit> {
  const visit = enter(state, frame, input);
  const exit = await carryOut(state, visit);
  frame.fiber.record(`${state.kind}StateExited` as EventType, {
    stateExitedEventDetails: {
      name: state.name,
      output: JSON.stringify(exit.output),
      outputDetails: complete,
      ...(exit.assigned && {
        assignedVariables: textOf(exit.assigned),
        assignedVariablesDetails: complete,
      }),
    },
  });
  frame.variables.assign(exit.assigned ?? {});
  return exit;
}

function enter(state: State, frame: Frame, input: Json): Visit {
  frame.run.countTransition();
  const enteredAt = frame.run.clock.now();
  const enteredAfter = frame.fiber.last;
  const enteredId = frame.fiber.record(`${state.kind}StateEntered` as EventType, {
    stateEnteredEventDetails: {
      name: state.name,
      input: JSON.stringify(input),
      inputDetails: complete,
    },
  });
  return { ...frame, stateName: state.name, input, enteredAt, enteredId, enteredAfter };
}

async function carryOut(state: State, visit: Visit): Promise<Exit> {
  switch (state.kind) {
    case "Pass":
    case "Succeed":
      return await leave(visit, state, { otherwise: visit.input });
    case "Fail":
      throw new StateFailure(state.error, state.cause);
    case "Wait":
      return await waitInState(state, visit);
    case "Choice":
      return await chooseState(state, visit);
    case "Task":
    default:
      return await runTask(state, visit);
  }
}

function textOf(assigned: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}
