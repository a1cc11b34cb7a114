import {
  castVote,
  isOnMessage,
  addToldClick,
  type ClickOrigin,
  type Vote,
  type VoteAnswer,
} from "../../domain/approval.ts";
import { isPromoterError } from "../../domain/errors.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { contend } from "../concurrency/contend.ts";
import { currentVoting } from "../question/current-voting.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

/** A click whose signature was checked. */
export interface Click {
  readonly user: string;
  readonly choice: Vote["choice"];
  readonly promotion: string;
  readonly hash: string;
  /** Where the person who clicked can be answered. */
  readonly answerAddress: string | undefined;
  readonly message: ClickOrigin;
}

const needs = [
  ...wakeNeeds,
  "promotions.read",
  "approvals.read",
  "approvals.write",
  "messenger.answerClick",
  "trail.append",
] as const satisfies readonly Need[];
type ClickPorts = PortsFor<typeof needs>;

/**
 * The only way into an approval: stores the vote if it counts, wakes the promotion, and answers the
 * person who clicked.
 */
export const onSlackAction = task({
  name: "OnSlackAction",
  needs,
  async run(click: Click, ports): Promise<StepResult<VoteAnswer["kind"] | "outdated">> {
    const at = ports.clock.now();
    const answer = await vote(click, ports);
    if (answer.kind === "counted" || answer.kind === "repeated") {
      await wake(ports, click.promotion, ["vote"]);
    }
    const words = answerInWords(answer);
    if (words !== undefined && click.answerAddress !== undefined) {
      await ports.messenger.answerClick(click.answerAddress, words);
    }
    const reasons = words === undefined ? [`${click.user} ${click.choice}s`] : [words];
    if (await claimTrailEntry(click, answer, ports)) {
      await ports.trail.append(
        click.promotion,
        {
          visit: `click@${click.user}@${at}`,
          step: "OnSlackAction",
          at,
          took: ports.clock.now() - at,
          outcome: answer.kind,
          who: click.user,
          reasons,
        },
        at,
      );
    }
    return { outcome: answer.kind, reasons };
  },
});

/**
 * Whether a click gets an entry in the trail: a vote always; what does not count only once per
 * person, so that clicks cannot make the trail grow.
 */
async function claimTrailEntry(
  { user, promotion, hash }: Click,
  { kind: outcome }: Answer,
  { approvals }: ClickPorts,
): Promise<boolean> {
  if (outcome === "outdated") return false;
  if (outcome === "counted") return true;
  const approval = await approvals.read(promotion, hash);
  const told = approval && addToldClick(approval, { user, outcome });
  return told !== undefined && approvals.write(told);
}

type Answer = VoteAnswer | { readonly kind: "outdated"; readonly why: string };

async function vote(
  { promotion: id, hash, user, choice, message }: Click,
  ports: ClickPorts,
): Promise<Answer> {
  const promotion = await ports.promotions.read(id);
  if (!promotion) return { kind: "outdated", why: "This promotion does not exist." };
  if (promotion.ending) {
    return { kind: "outdated", why: `This promotion has already ended: ${promotion.ending}.` };
  }
  if (promotion.rounds.at(-1) !== hash) {
    return {
      kind: "outdated",
      why: "This question is outdated: the plan has changed since. Please answer the newest message.",
    };
  }
  const current = await currentVoting(promotion, ports.configurations);
  if (current.kind !== "required") {
    return { kind: "outdated", why: "promoter.yml has changed: this no longer needs an approval." };
  }
  return contend({
    subject: `the approval of ${id}`,
    read: () => ports.approvals.read(id, hash),
    decide: (approval): Answer => {
      if (!approval) return { kind: "outdated", why: notStored };
      if (!isOnMessage(approval.message, message)) {
        return { kind: "outdated", why: "This message is outdated. Please answer the newest one." };
      }
      return castVote(approval, { user, choice, at: ports.clock.now() }, current.voting);
    },
    write: async (answer) => answer.kind !== "counted" || ports.approvals.write(answer.approval),
  }).catch((error: unknown) => {
    if (!isPromoterError(error) || error.name !== "WriteContended") throw error;
    return { kind: "outdated", why: notStored };
  });
}

const notStored = "The vote could not be stored just now. Please click again.";

function answerInWords(answer: Answer): string | undefined {
  switch (answer.kind) {
    case "counted":
      return undefined;
    case "repeated":
      return "Your vote has already been counted.";
    case "decided":
      return answer.by === undefined
        ? `This was already decided: ${answer.state}.`
        : `This was already decided: ${answer.state} by <@${answer.by}>.`;
    case "too-late":
      return "The question has expired; nothing was changed.";
    case "not-an-approver":
      return "You are not an approver of this environment; nothing was changed.";
    case "barred":
      return "The requester of a promotion may not approve it; nothing was changed.";
    case "outdated":
      return answer.why;
    default:
      return answer satisfies never;
  }
}
