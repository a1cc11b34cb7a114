import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "../wait/await-wake-up.ts";
import { voteIsOver, type VotePorts } from "../wait/wake-conditions.ts";

/**
 * Sleeps until a vote was stored, or the version was rebuilt; the token stays in the table, no
 * message carries it.
 */
export async function awaitVote(input: AwaitInput, ports: AwaitPorts & VotePorts): Promise<void> {
  await awaitWakeUp({ ...input, kind: "vote" }, ports, async (promotion) =>
    voteIsOver(promotion, ports),
  );
}
