import { task } from "../step/task.ts";
import { awaitNeeds, awaitWakeUp, type AwaitInput } from "../wait/await-wake-up.ts";
import { isItsTurn } from "../wait/wake-conditions.ts";

/** Sleeps until the environment is handed over, or another promotion takes the place. */
export const awaitTurn = task({
  name: "AwaitTurn",
  needs: [...awaitNeeds, "environments.readLock"],
  run: (input: AwaitInput, ports) =>
    awaitWakeUp({ ...input, kind: "turn" }, ports, async (promotion) =>
      isItsTurn(promotion, await ports.environments.readLock(promotion)),
    ),
});
