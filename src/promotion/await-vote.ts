import type { Approvals } from "../ports/approvals.ts";
import { voteIsDecided } from "./has-happened.ts";
import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "./await-wake-up.ts";

/** Sleeps until a vote was stored; the token stays in the table, no message carries it. */
export async function awaitVote(input: AwaitInput, ports: AwaitPorts & { readonly approvals: Pick<Approvals, "read"> }): Promise<void> {
  await awaitWakeUp({ ...input, kind: "vote" }, ports, async ({ id, plan = "" }) => voteIsDecided(await ports.approvals.read(id, plan), ports.clock.now()));
}
