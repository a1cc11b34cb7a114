import type { Delay, WaitState } from "../definition/state-machine.ts";
import { anInteger, aTimestamp, evaluateAs } from "../query/expect-type.ts";
import { evaluate, leave, type Exit, type Visit } from "./visit.ts";

export async function waitInState(state: WaitState, visit: Visit): Promise<Exit> {
  const until = await endOf(state.until, visit);
  await sleep(visit, until);
  return await leave(visit, state, { otherwise: visit.input });
}

export async function sleep({ fiber, run: { clock } }: Visit, until: number): Promise<void> {
  if (until > clock.now()) await fiber.wait<void>((resume) => clock.at(until, resume));
}

async function endOf({ kind, template }: Delay, visit: Visit): Promise<number> {
  if (kind === "seconds") {
    const range = { ...anInteger(0, 99_999_999), location: "Seconds" };
    return (
      visit.run.clock.now() +
      1_000 * (await evaluate(visit, {}, (bindings) => evaluateAs(template, bindings, range)))
    );
  }
  const timestamp = await evaluate(visit, {}, (bindings) =>
    evaluateAs(template, bindings, { ...aTimestamp, location: "Timestamp" }),
  );
  // "Step Functions considers the time value up to seconds and truncates milliseconds" (developer guide "state-wait")
  return Math.floor(Date.parse(timestamp) / 1_000) * 1_000;
}
