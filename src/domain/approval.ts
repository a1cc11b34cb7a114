import type { PromotionId } from "./promotion.ts";

/** Who may answer a question, and how many must agree. */
export interface Voting {
  readonly approvers: readonly string[];
  readonly required: number;
  /** Barred from voting: the requester, where the policy says so. */
  readonly barred: string | undefined;
}

/**
 * A question to people about exactly one plan. The voting in it is what people were shown; what
 * counts is what promoter.yml says when a vote is cast, when it is decided and when writing
 * begins.
 */
export interface Approval extends Voting {
  readonly promotion: PromotionId;
  /** Content hash of the plan that the question is about. */
  readonly hash: string;
  /** 0 when the item does not exist yet; goes up by one with every write. */
  readonly revision: number;
  /** `posting`: stored, the message may or may not be out. The last three are final. */
  readonly state: "posting" | "pending" | "approved" | "rejected" | "expired";
  /** Epoch milliseconds. */
  readonly deadline: number;
  /** The one message that asks; a second one of the same question is closed by whoever posted it. */
  readonly message: MessageRef | undefined;
  /**
   * Where and since when it is asked (epoch milliseconds). Absent in questions asked before this
   * was kept.
   */
  readonly channel?: string;
  readonly askedAt?: number;
  /** Tries to post it whose outcome is unknown: each may have left a message behind. Absent: none. */
  readonly unheard?: number;
  /** Clicks that did not count and stand in the trail: person and outcome. Absent: none. */
  readonly told?: readonly string[];
  /** In the order they came; one a person. */
  readonly votes: readonly Vote[];
}

export interface MessageRef {
  readonly channel: string;
  /** Within its channel. */
  readonly id: string;
  /**
   * Who posted it, and in which workspace. Absent where the messenger did not say, and in items
   * written before this was kept.
   */
  readonly app?: string;
  readonly workspace?: string;
}

export function sameMessage(one: MessageRef, other: MessageRef): boolean {
  return one.channel === other.channel && one.id === other.id;
}

/** Where a click came from. */
export interface ClickOrigin {
  readonly channel: string | undefined;
  readonly id: string | undefined;
  readonly app: string | undefined;
  /** undefined: the app is installed for a whole organisation. */
  readonly workspace: string | undefined;
}

/**
 * Whether a click is on the very message that asks, of the app and workspace that posted it. Until
 * it is recorded, this is unknown.
 */
export function isOnMessage(message: MessageRef | undefined, click: ClickOrigin): boolean {
  if (!message) return true;
  const ofApp = message.app === undefined || message.app === click.app;
  const ofWorkspace =
    message.workspace === undefined ||
    click.workspace === undefined ||
    message.workspace === click.workspace;
  return message.channel === click.channel && message.id === click.id && ofApp && ofWorkspace;
}

/** Clicks that do not count are recorded in the trail once per person, up to this many. */
const maxToldClicks = 50;

/** With the click recorded; undefined when it was recorded before, or too many were. */
export function addToldClick(
  approval: Approval,
  { user, outcome }: { readonly user: string; readonly outcome: string },
): Approval | undefined {
  const { told = [] } = approval;
  const click = `${user} ${outcome}`;
  return told.includes(click) || told.length >= maxToldClicks
    ? undefined
    : { ...approval, told: [...told, click], revision: approval.revision + 1 };
}

/** An item written before this was kept has one such try while it has no message. */
export function unheardTries({ unheard, state }: Approval): number {
  return unheard ?? (state === "posting" ? 1 : 0);
}

export interface Vote {
  readonly user: string;
  readonly choice: "approve" | "reject";
  /** Epoch milliseconds. */
  readonly at: number;
}

export type VoteAnswer =
  | { readonly kind: "counted"; readonly approval: Approval }
  | { readonly kind: "repeated" }
  | { readonly kind: "decided"; readonly state: Approval["state"]; readonly by: string | undefined }
  | { readonly kind: "too-late" }
  | { readonly kind: "not-an-approver" }
  | { readonly kind: "barred" };

/**
 * Whether a vote counts, by the current voting. The message may not be recorded as posted yet:
 * anyone who could click has seen it.
 */
export function castVote(approval: Approval, vote: Vote, voting: Voting): VoteAnswer {
  if (!voting.approvers.includes(vote.user)) return { kind: "not-an-approver" };
  if (voting.barred === vote.user) return { kind: "barred" };
  if (approval.state !== "pending" && approval.state !== "posting") {
    return decidedAnswer(approval, voting);
  }
  if (countDecision(approval, voting) !== "pending") {
    return decidedAnswer({ ...approval, state: countDecision(approval, voting) }, voting);
  }
  if (vote.at >= approval.deadline) return { kind: "too-late" };
  if (approval.votes.some(({ user }) => user === vote.user)) return { kind: "repeated" };
  return {
    kind: "counted",
    approval: { ...approval, votes: [...approval.votes, vote], revision: approval.revision + 1 },
  };
}

function decidedAnswer(approval: Approval, voting: Voting): VoteAnswer {
  return {
    kind: "decided",
    state: approval.state,
    by: countedVotes(approval, voting).at(-1)?.user,
  };
}

/** Who can cast a vote that counts. */
export function eligibleVoters({
  approvers,
  barred,
}: Pick<Voting, "approvers" | "barred">): readonly string[] {
  return [...new Set(approvers)].filter((approver) => approver !== barred);
}

/** The votes of those who may answer by `voting`, in the order they came. */
export function countedVotes({ votes }: Approval, voting: Voting): readonly Vote[] {
  const eligible = eligibleVoters(voting);
  return votes.filter(({ user }) => eligible.includes(user));
}

/** What the votes amount to: one rejection rejects, `required` approvals approve. */
function countDecision(approval: Approval, voting: Voting): "pending" | "approved" | "rejected" {
  const votes = countedVotes(approval, voting);
  if (votes.some(({ choice }) => choice === "reject")) return "rejected";
  return votes.length >= voting.required ? "approved" : "pending";
}

/**
 * The state an open approval is in at `now`: votes first, then the deadline, so that a click in
 * time beats the timeout.
 */
export function approvalState(approval: Approval, now: number, voting: Voting): Approval["state"] {
  if (approval.state !== "pending" && approval.state !== "posting") return approval.state;
  const decided = countDecision(approval, voting);
  if (decided !== "pending") return decided;
  return now >= approval.deadline ? "expired" : "pending";
}

/** Whether it was approved, and by people whose votes still count. */
export function isApproved(approval: Approval | undefined, voting: Voting): boolean {
  return approval?.state === "approved" && countDecision(approval, voting) === "approved";
}
