import type { StateGraph } from "../definition/state-machine.ts";
import type { EventDetails, EventType } from "../executions/history-event.ts";
import type { Json } from "../json.ts";
import { startFiber, type Fiber, type StartedFiber } from "./fiber.ts";
import { Abandoned } from "./state-failure.ts";
import type { Visit } from "./visit.ts";

export interface Branch {
  readonly graph: StateGraph;
  readonly input: Json;
  /** An iteration of a Map has events of its own. */
  readonly iteration?: { readonly name: string; readonly index: number };
}

/**
 * Runs the branches, at most `atOnce` together. The first failure stops the others and is thrown,
 * its end told in the history.
 */
export async function runBranches(
  visit: Visit,
  branches: readonly Branch[],
  atOnce: number,
): Promise<readonly Json[]> {
  if (branches.length === 0) return [];
  const { fiber } = visit;
  const joined = await fiber.wait<Joined>((resume) => {
    const joining: Joining = { visit, branches, fibers: [], results: new Map(), resume };
    fiber.holdBranches(joining.fibers);
    for (let started = 0; started < atOnce; started += 1) startNext(joining, fiber.last);
    return () => {
      for (const started of joining.fibers) started.stop();
    };
  });
  fiber.holdBranches([]);
  fiber.continueFrom(joined.last);
  if (joined.kind === "complete") return joined.results;
  for (const { type, details } of joined.toll) fiber.note(type, details);
  throw joined.error;
}

type Joined =
  | { readonly kind: "complete"; readonly last: number; readonly results: readonly Json[] }
  | {
      readonly kind: "broken";
      readonly last: number;
      readonly error: unknown;
      readonly toll: readonly Toll[];
    };

interface Toll {
  readonly type: EventType;
  readonly details: EventDetails;
}

interface Joining {
  readonly visit: Visit;
  readonly branches: readonly Branch[];
  readonly fibers: StartedFiber[];
  readonly results: Map<number, Json>;
  readonly resume: (joined: Joined) => void;
}

function startNext(joining: Joining, from: number): void {
  const index = joining.fibers.length;
  const branch = joining.branches[index];
  if (branch) {
    joining.fibers.push(
      startFiber(joining.visit.fiber.trunk, from, (fiber) =>
        runBranch(joining, { index, branch, fiber }),
      ),
    );
  }
}

interface Running {
  readonly index: number;
  readonly branch: Branch;
  readonly fiber: Fiber;
}

async function runBranch(joining: Joining, running: Running): Promise<void> {
  const {
    branch: { graph, input, iteration },
    fiber,
    index,
  } = running;
  if (iteration) {
    fiber.record("MapIterationStarted", { mapIterationStartedEventDetails: iteration });
  }
  await Promise.resolve(); // what starts together has all started before the first goes on
  try {
    const { run, variables } = joining.visit;
    joining.results.set(
      index,
      await run.runGraph(graph, { run, fiber, variables: variables.inner() }, input),
    );
    conclude(joining, running);
  } catch (error) {
    if (error instanceof Abandoned) return;
    joining.resume({ kind: "broken", last: fiber.last, error, toll: tollOf(joining, index) });
  }
}

/** The next iteration follows the last state of this one, not its end, in AWS's histories too. */
function conclude(joining: Joining, { branch: { iteration }, fiber }: Running): void {
  const last = fiber.last;
  if (iteration) {
    fiber.record("MapIterationSucceeded", { mapIterationSucceededEventDetails: iteration });
  }
  fiber.leave();
  const { results, branches } = joining;
  if (results.size < branches.length) startNext(joining, last);
  else {
    joining.resume({
      kind: "complete",
      last: fiber.last,
      results: branches.map((_, index) => results.get(index) ?? null),
    });
  }
}

/**
 * What the history says of the branch that failed and of those that were stopped with it; all these
 * events follow the failure.
 */
function tollOf({ fibers, branches, results }: Joining, failed: number): readonly Toll[] {
  return fibers.flatMap((fiber, index) => {
    if (results.has(index)) return [];
    const iteration = branches[index]?.iteration;
    const end: readonly Toll[] = !iteration
      ? []
      : index === failed
        ? [{ type: "MapIterationFailed", details: { mapIterationFailedEventDetails: iteration } }]
        : [
            {
              type: "MapIterationAborted",
              details: { mapIterationAbortedEventDetails: iteration },
            },
          ];
    return [...end, ...fiber.abortedStates().map((type) => ({ type, details: {} }))];
  });
}
