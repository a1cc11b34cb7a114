import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "../wait/await-wake-up.ts";
import { factsHaveMoved } from "../wait/wake-conditions.ts";

/** Sleeps until a scan or a push may have changed the facts. */
export async function awaitFacts(input: AwaitInput, ports: AwaitPorts): Promise<void> {
  await awaitWakeUp({ ...input, kind: "facts" }, ports, (promotion) =>
    Promise.resolve(factsHaveMoved(promotion)),
  );
}
