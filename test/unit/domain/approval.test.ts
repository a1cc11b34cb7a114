import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  castVote,
  approvalState,
  isApproved,
  type Approval,
  type Vote,
} from "../../../src/domain/approval.ts";

const open: Approval = {
  promotion: "p-1",
  hash: "h",
  revision: 3,
  state: "pending",
  deadline: 1_000,
  approvers: ["ANNA", "BEN", "CLEO"],
  required: 2,
  barred: undefined,
  message: undefined,
  votes: [],
};
const vote = (user: string, choice: Vote["choice"] = "approve", at = 500): Vote => ({
  user,
  choice,
  at,
});
const rejected: Approval = { ...open, votes: [vote("ANNA", "reject")] };
const enough: Approval = { ...open, votes: [vote("ANNA"), vote("BEN")] };

describe("a vote", () => {
  it("is counted with the next revision", () => {
    expect(castVote(open, vote("ANNA"), open)).toEqual({
      kind: "counted",
      approval: { ...open, revision: 4, votes: [vote("ANNA")] },
    });
  });

  it("counts before the message is recorded as posted, because whoever clicked has seen it", () => {
    expect(castVote({ ...open, state: "posting" }, vote("ANNA"), open).kind).toBe("counted");
  });

  it.each<[string, Approval, Vote, object]>([
    ["a person who is not asked", open, vote("EVE"), { kind: "not-an-approver" }],
    [
      "the requester, where the requester may not approve",
      { ...open, barred: "ANNA" },
      vote("ANNA"),
      { kind: "barred" },
    ],
    ["the deadline's own millisecond", open, vote("ANNA", "approve", 1_000), { kind: "too-late" }],
    ["a second click", { ...open, votes: [vote("ANNA")] }, vote("ANNA"), { kind: "repeated" }],
    [
      "a change of mind",
      { ...open, votes: [vote("ANNA")] },
      vote("ANNA", "reject"),
      { kind: "repeated" },
    ],
    [
      "a click after a rejection",
      rejected,
      vote("BEN"),
      { kind: "decided", state: "rejected", by: "ANNA" },
    ],
    [
      "a click after enough approvals",
      enough,
      vote("CLEO", "reject"),
      { kind: "decided", state: "approved", by: "BEN" },
    ],
    [
      "a click after it expired",
      { ...open, state: "expired" },
      vote("ANNA"),
      { kind: "decided", state: "expired", by: undefined },
    ],
  ])("of %s changes nothing", (_, approval, cast, answer) => {
    expect(castVote(approval, cast, approval)).toEqual(answer);
  });
});

describe("a question", () => {
  it.each<[string, Approval, number, Approval["state"]]>([
    ["waits while votes are missing", { ...open, votes: [vote("ANNA")] }, 999, "pending"],
    ["is approved by as many as are required", enough, 999, "approved"],
    ["is rejected by one", rejected, 999, "rejected"],
    [
      "is rejected although enough approved",
      { ...enough, votes: [...enough.votes, vote("CLEO", "reject")] },
      999,
      "rejected",
    ],
    ["expires at its deadline", open, 1_000, "expired"],
    ["expires with too few votes", { ...open, votes: [vote("ANNA")] }, 1_000, "expired"],
    [
      "is approved by a click in time although the deadline has passed since",
      enough,
      5_000,
      "approved",
    ],
    ["stays expired although votes are there", { ...enough, state: "expired" }, 5_000, "expired"],
    ["stays approved after the deadline", { ...enough, state: "approved" }, 5_000, "approved"],
    ["is decided before its message is recorded", { ...enough, state: "posting" }, 500, "approved"],
  ])("%s", (_, approval, now, state) => {
    expect(approvalState(approval, now, approval)).toBe(state);
  });
});

describe("when promoter.yml names other people than when it was asked", () => {
  const without = (approver: string) => ({
    ...open,
    approvers: open.approvers.filter((one) => one !== approver),
  });
  const approved: Approval = { ...enough, state: "approved" };

  it("a vote of an approver who was removed no longer counts", () => {
    expect(approvalState(enough, 500, without("BEN"))).toBe("pending");
    expect(approvalState(rejected, 500, without("ANNA"))).toBe("pending");
    expect(castVote(open, vote("ANNA"), without("ANNA"))).toEqual({ kind: "not-an-approver" });
  });

  it("an approver who was added may vote, and decide", () => {
    const voting = { ...open, approvers: [...open.approvers, "DORA"] };
    const answer = castVote({ ...open, votes: [vote("ANNA")] }, vote("DORA"), voting);
    expect(answer.kind === "counted" && approvalState(answer.approval, 500, voting)).toBe(
      "approved",
    );
  });

  it.each<[string, Approval, Parameters<typeof isApproved>[1], boolean]>([
    ["holds while those who gave it may vote", approved, open, true],
    ["falls when one of them was taken out", approved, without("BEN"), false],
    ["falls when one of them is barred", approved, { ...open, barred: "ANNA" }, false],
    ["falls when more are required", approved, { ...open, required: 3 }, false],
    ["is none while it is pending", enough, open, false],
  ])("an approval %s", (_, approval, voting, holds) => {
    expect(isApproved(approval, voting)).toBe(holds);
  });
});

describe("any sequence of clicks", () => {
  const click = fc.record({
    user: fc.constantFrom("ANNA", "BEN", "CLEO", "EVE"),
    choice: fc.constantFrom("approve", "reject"),
    at: fc.integer({ min: 0, max: 1_200 }),
  });

  it("counts each approver once, no one else, nothing late, and one rejection is enough", () => {
    fc.assert(
      fc.property(
        fc.array(click, { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (clicks, required) => {
          let approval: Approval = { ...open, required, barred: "CLEO" };
          for (const one of clicks) {
            const answer = castVote(approval, one, approval);
            if (answer.kind === "counted") approval = answer.approval;
          }
          const users = approval.votes.map(({ user }) => user);
          expect(new Set(users).size).toBe(users.length);
          expect(users).not.toContain("EVE");
          expect(users).not.toContain("CLEO");
          expect(approval.votes.every(({ at }) => at < open.deadline)).toBe(true);
          expect(approval.votes.length).toBeLessThanOrEqual(required);
          expect(approval.votes.slice(0, -1).every(({ choice }) => choice === "approve")).toBe(
            true,
          );
          const state = approvalState(approval, 2_000, approval);
          expect(state === "rejected").toBe(approval.votes.at(-1)?.choice === "reject");
          expect(state === "approved").toBe(
            approval.votes.length === required && state !== "rejected",
          );
        },
      ),
    );
  });
});
