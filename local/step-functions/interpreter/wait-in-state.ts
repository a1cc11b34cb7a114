import type { WaitState } from "../definition/state-machine.ts";
import { anInteger, evaluateAs } from "../query/expect-type.ts";
import { evaluate, leave, type Exit, type Visit } from "./visit.ts";

export async function waitInState(state: WaitState, visit: Visit): Promise<Exit> {
  const range = { ...anInteger(0, 99_999_999), location: "Seconds" };
  const seconds = await evaluate(visit, {}, (bindings) =>
    evaluateAs(state.seconds, bindings, range),
  );
  await sleep(visit, visit.run.clock.now() + seconds * 1_000);
  return await leave(visit, state, { otherwise: visit.input });
}

export async function sleep({ fiber, run: { clock } }: Visit, until: number): Promise<void> {
  if (until > clock.now()) await fiber.wait<void>((resume) => clock.at(until, resume));
}
