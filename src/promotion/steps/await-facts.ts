import { task } from "../step/task.ts";
import { awaitNeeds, awaitWakeUp, type AwaitInput } from "../wait/await-wake-up.ts";
import { factsChanged } from "../wait/wake-conditions.ts";

/** Sleeps until a scan or a push may have changed the facts. */
export const awaitFacts = task({
  name: "AwaitFacts",
  needs: awaitNeeds,
  run: (input: AwaitInput, ports) =>
    awaitWakeUp({ ...input, kind: "facts" }, ports, (promotion) =>
      Promise.resolve(factsChanged(promotion)),
    ),
});
