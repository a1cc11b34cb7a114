import type { Json } from "../../json-value.ts";
import type { State, StateGraph } from "../definition/state-machine.ts";
import type { Frame } from "./run.ts";
import { visitState } from "./visit-state.ts";

/** Runs from the first state to one that ends, and gives its output. */
export async function runGraph(graph: StateGraph, frame: Frame, input: Json): Promise<Json> {
  let data = input;
  let next: string | undefined = graph.startAt;
  while (next !== undefined) {
    const exit = await visitState(stateOf(graph, next), frame, data);
    data = exit.output;
    next = exit.next;
  }
  return data;
}

function stateOf(graph: StateGraph, name: string): State {
  const state = graph.states.get(name);
  if (!state) throw new Error(`a loaded definition lacks its state ${name}`);
  return state;
}
