import type { Promotion } from "../domain/promotion.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Clock } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { Releases } from "../ports/releases.ts";
import { awaitWakeUp, type AwaitInput, type AwaitPorts } from "./await-wake-up.ts";
import { voteIsDecided, voteIsPointless } from "./has-happened.ts";
import { votingOfNow } from "./voting-of-now.ts";

export interface VotePorts {
  readonly configurations: Configurations;
  readonly approvals: Pick<Approvals, "read">;
  readonly releases: Pick<Releases, "read">;
  readonly clock: Clock;
}

/**
 * Sleeps until a vote was stored, or the version was rebuilt; the token stays in the table, no
 * message carries it.
 */
export async function awaitVote(input: AwaitInput, ports: AwaitPorts & VotePorts): Promise<void> {
  await awaitWakeUp({ ...input, kind: "vote" }, ports, async (promotion) =>
    voteIsOver(promotion, ports),
  );
}

/**
 * Whether there is nothing to wait for any more: decided, pointless, or promoter.yml asks nobody by
 * now.
 */
export async function voteIsOver(
  promotion: Promotion,
  { configurations, approvals, releases, clock }: VotePorts,
): Promise<boolean> {
  const [asked, approval, release] = await Promise.all([
    votingOfNow(promotion, configurations),
    approvals.read(promotion.id, promotion.plan ?? ""),
    releases.read(promotion),
  ]);
  return (
    asked.kind !== "ask" ||
    voteIsDecided(approval, clock.now(), asked.voting) ||
    voteIsPointless(promotion, release)
  );
}
