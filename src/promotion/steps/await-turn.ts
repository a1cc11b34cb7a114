import { task } from "../record/task.ts";
import { awaitNeeds, awaitWakeUp, type AwaitInput } from "../wait/await-wake-up.ts";
import { turnHasCome } from "../wait/wake-conditions.ts";

/** Sleeps until the environment was handed over, or somebody else took the place. */
export const awaitTurn = task({
  name: "AwaitTurn",
  needs: [...awaitNeeds, "environments.readLock"],
  run: (input: AwaitInput, ports) =>
    awaitWakeUp({ ...input, kind: "turn" }, ports, async (promotion) =>
      turnHasCome(promotion, await ports.environments.readLock(promotion)),
    ),
});
