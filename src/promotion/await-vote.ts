import type { Promotion } from "../domain/promotion.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Clock } from "../ports/clock.ts";
import type { Releases } from "../ports/releases.ts";
import { voteIsDecided, voteIsPointless } from "./has-happened.ts";
import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "./await-wake-up.ts";

export interface VotePorts {
  readonly approvals: Pick<Approvals, "read">;
  readonly releases: Pick<Releases, "read">;
  readonly clock: Clock;
}

/** Sleeps until a vote was stored, or the version was rebuilt; the token stays in the table, no message carries it. */
export async function awaitVote(input: AwaitInput, ports: AwaitPorts & VotePorts): Promise<void> {
  await awaitWakeUp({ ...input, kind: "vote" }, ports, async (promotion) => voteIsOver(promotion, ports));
}

/** Whether there is nothing to wait for any more. */
export async function voteIsOver(promotion: Promotion, { approvals, releases, clock }: VotePorts): Promise<boolean> {
  const [approval, release] = await Promise.all([approvals.read(promotion.id, promotion.plan ?? ""), releases.read(promotion)]);
  return voteIsDecided(approval, clock.now()) || voteIsPointless(promotion, release);
}
