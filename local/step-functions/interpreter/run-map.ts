import type { MapState } from "../definition/state-machine.ts";
import type { Json } from "../json.ts";
import { anArray, anInteger, evaluateAs } from "../query/expect-type.ts";
import type { Template } from "../query/template.ts";
import { runBranches } from "./run-branches.ts";
import { evaluate, evaluateIf, leave, type Exit, type Visit } from "./visit.ts";
import { withRetries } from "./with-retries.ts";

/**
 * "In this mode, the Map state supports up to 40 concurrent iterations." (developer guide
 * "state-map-inline")
 */
const mostAtOnce = 40;

export async function runMap(state: MapState, visit: Visit): Promise<Exit> {
  return await withRetries(state, visit, {
    attempt: (attempt) => runOnce(state, attempt),
    onGivingUp: () => visit.fiber.record("MapStateFailed"),
  });
}

async function runOnce(state: MapState, visit: Visit): Promise<Exit> {
  const items = await itemsOf(state, visit);
  const atOnce = await concurrencyOf(state.maxConcurrency, visit);
  visit.fiber.record("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
  const inputs = await inputsOf(state, visit, items);
  const iterations = inputs.map((input, index) => ({
    graph: state.processor,
    input,
    iteration: { name: state.name, index },
  }));
  const result = await runBranches(visit, iterations, atOnce);
  visit.fiber.note("MapStateSucceeded");
  return await leave(visit, state, { result, otherwise: result });
}

function itemsOf({ items }: MapState, visit: Visit): Promise<readonly Json[]> {
  const template: Template = items ?? { kind: "constant", value: visit.input };
  return evaluate(visit, {}, (bindings) =>
    evaluateAs(template, bindings, { ...anArray, location: "Items" }),
  );
}

/** "The default value is 0, which places no limit on concurrency." */
async function concurrencyOf(template: Template | undefined, visit: Visit): Promise<number> {
  if (!template) return mostAtOnce;
  const range = { ...anInteger(0, Number.MAX_SAFE_INTEGER), location: "MaxConcurrency" };
  const asked = await evaluate(visit, {}, (bindings) => evaluateAs(template, bindings, range));
  return asked === 0 ? mostAtOnce : Math.min(asked, mostAtOnce);
}

async function inputsOf(
  { itemSelector }: MapState,
  visit: Visit,
  items: readonly Json[],
): Promise<readonly Json[]> {
  if (!itemSelector) return items;
  const inputs: Json[] = [];
  for (const [Index, Value] of items.entries()) {
    inputs.push((await evaluateIf(visit, itemSelector, { mapItem: { Index, Value } })) ?? null);
  }
  return inputs;
}
