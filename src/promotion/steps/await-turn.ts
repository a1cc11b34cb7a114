import type { Environments } from "../../ports/environments.ts";
import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "../wait/await-wake-up.ts";
import { turnHasCome } from "../wait/wake-conditions.ts";

/** Sleeps until the environment was handed over, or somebody else took the place. */
export async function awaitTurn(
  input: AwaitInput,
  ports: AwaitPorts & { readonly environments: Pick<Environments, "readLock"> },
): Promise<void> {
  await awaitWakeUp({ ...input, kind: "turn" }, ports, async (promotion) =>
    turnHasCome(promotion, await ports.environments.readLock(promotion)),
  );
}
