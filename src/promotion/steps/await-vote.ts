import { task } from "../step/task.ts";
import { awaitNeeds, awaitWakeUp, type AwaitInput } from "../wait/await-wake-up.ts";
import { isVoteOver, voteNeeds } from "../wait/wake-conditions.ts";

/**
 * Sleeps until a vote was stored, or the version was rebuilt; the token stays in the table, no
 * message carries it.
 */
export const awaitVote = task({
  name: "AwaitVote",
  needs: [...awaitNeeds, ...voteNeeds],
  run: (input: AwaitInput, ports) =>
    awaitWakeUp({ ...input, kind: "vote" }, ports, async (promotion) =>
      isVoteOver(promotion, ports),
    ),
});
