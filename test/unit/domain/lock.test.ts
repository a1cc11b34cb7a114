import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginRollBack, beginWriting, cancelOwner, claimRestore, claimWriting, dropNext, endRestoring, endWriting, enter, freeLock, leave, markRestored, settle, type Entrance, type Lock,
} from "../../../src/domain/lock.ts";

const isHigherThan = (version: string) => (than: string): boolean => Number(version) > Number(than);

const entrance = (promotion: string, change: Partial<Entrance> = {}): Entrance => ({
  promotion, version: promotion, fence: 0, entered: false, isHigher: isHigherThan(change.version ?? promotion), ...change,
});

function after(transition: { readonly kind: string; readonly lock?: Lock }): Lock {
  if (!transition.lock) throw new Error(`nothing to write: ${transition.kind}`);
  return transition.lock;
}

const waiting = after(enter(freeLock, entrance("1")));
const writing = after(beginWriting(waiting, { promotion: "1", fence: 0, plan: "plan", now: 0 }));
const rollingBack = after(beginRollBack(writing, "1"));
const contended = after(enter(waiting, entrance("2")));
const unsettled = after(leave(after(claimWriting(writing, { promotion: "1", phase: "writing", until: 900 })), { promotion: "1", unsettled: "it broke" }));

describe("entering", () => {
  it("takes a free environment under the fence of the plan", () => {
    expect(waiting).toMatchObject({ revision: 1, fence: 0, owner: { promotion: "1", phase: "waiting", plan: undefined, cancelled: false } });
  });

  it("is stale when the environment changed hands since the plan", () => {
    expect(enter({ ...freeLock, fence: 3 }, entrance("1"))).toEqual({ kind: "stale" });
  });

  it("changes nothing for the owner who comes again with the same fence", () => {
    expect(enter(waiting, entrance("1", { entered: true }))).toEqual({ kind: "owner", lock: waiting, changed: false });
  });

  it("sends the owner back to verify after a hand-over raised the fence", () => {
    expect(enter({ ...waiting, fence: 1 }, entrance("1", { entered: true }))).toEqual({ kind: "stale" });
  });

  it("takes the empty place next", () => {
    expect(enter(waiting, entrance("2"))).toMatchObject({ kind: "next", changed: true, displaced: undefined, lock: { owner: { promotion: "1" }, next: { promotion: "2" } } });
  });

  it("takes the place next from a lower version, which it names", () => {
    expect(enter(contended, entrance("3"))).toMatchObject({ kind: "next", displaced: "2", lock: { next: { promotion: "3" } } });
  });

  it.each([["lower", "1"], ["equal", "2"]])("is superseded by who is next when its own version is %s", (_, version) => {
    expect(enter(contended, entrance("9", { version }))).toEqual({ kind: "superseded", by: "2" });
  });

  it("keeps the place next for who has it already", () => {
    expect(enter(contended, entrance("2", { entered: true }))).toMatchObject({ kind: "next", changed: false });
  });

  it("is superseded when it entered before and is neither owner nor next any more", () => {
    expect(enter(contended, entrance("9", { entered: true }))).toEqual({ kind: "superseded", by: "2" });
    expect(enter(freeLock, entrance("9", { entered: true }))).toMatchObject({ kind: "superseded" });
  });

  it("stays out of an unsettled environment", () => {
    expect(enter(unsettled, entrance("2", { fence: unsettled.fence }))).toEqual({ kind: "unsettled", by: "1", reason: "it broke" });
  });
});

describe("writing", () => {
  it("begins under plan and fence, and raises the fence", () => {
    expect(writing).toMatchObject({ fence: 1, owner: { phase: "writing", plan: "plan" } });
  });

  it.each([
    ["another promotion", contended, { promotion: "2" }, "not-owner"],
    ["a free environment", freeLock, {}, "not-owner"],
    ["an older fence", { ...waiting, fence: 1 }, {}, "stale"],
    ["a cancelled owner", after(cancelOwner(waiting, "1")), {}, "cancelled"],
    ["an owner that rolls back", rollingBack, {}, "not-owner"],
    ["another plan than the one being written", writing, { plan: "other" }, "not-owner"],
    ["the same plan again", writing, {}, "same"],
  ])("answers %s", (_, lock, claim, kind) => {
    expect(beginWriting(lock, { promotion: "1", fence: 0, plan: "plan", now: 0, ...claim })).toEqual({ kind });
  });

  it.each([
    ["waiting", waiting, "writing"],
    ["writing", writing, "rolling-back"],
    ["rolling back", rollingBack, "writing"],
  ] as const)("gives an owner that is %s no claim for %s", (_, lock, phase) => {
    expect(claimWriting(lock, { promotion: "1", phase, until: 5 })).toEqual({ kind: "not-owner" });
  });

  it("keeps the claim of a later try when an earlier one clears its own", () => {
    const claimed = after(claimWriting(writing, { promotion: "1", phase: "writing", until: 20 }));
    expect(endWriting(claimed, { promotion: "1", until: 10, left: 0 })).toEqual({ kind: "same" });
    expect(after(endWriting(claimed, { promotion: "1", until: 20, left: 0 })).owner?.writingUntil).toBeUndefined();
    expect(after(endWriting(claimed, { promotion: "1", until: 20, left: 15 })).owner?.writingUntil).toBe(15);
  });

  it("shortens the claim of a way back that broke off, unless somebody later has one", () => {
    const claimed = after(claimRestore({ ...unsettled }, { by: "1", until: 1_200, now: 950 }));
    expect(after(endRestoring(claimed, { until: 1_200, left: 970 })).unsettled?.writingUntil).toBe(970);
    expect(endRestoring(claimed, { until: 1_100, left: 970 })).toEqual({ kind: "same" });
  });

  it("keeps the claim over the beginning of a rollback, so that the writer is waited out", () => {
    const claimed = after(claimWriting(writing, { promotion: "1", phase: "writing", until: 20 }));
    expect(after(beginRollBack(claimed, "1"))).toMatchObject({ fence: 2, owner: { phase: "rolling-back", writingUntil: 20 } });
  });

  it.each([["waiting", waiting, "not-owner"], ["rolling back already", rollingBack, "same"], ["gone", freeLock, "not-owner"]])("answers a rollback of an owner that is %s", (_, lock, kind) => {
    expect(beginRollBack(lock, "1")).toEqual({ kind });
  });
});

describe("cancelling", () => {
  it("marks the waiting owner once", () => {
    const cancelled = after(cancelOwner(waiting, "1"));
    expect(cancelled.owner?.cancelled).toBe(true);
    expect(cancelOwner(cancelled, "1")).toEqual({ kind: "same" });
  });

  it.each([["writing", writing], ["rolling back", rollingBack]])("is refused while %s", (_, lock) => {
    expect(cancelOwner(lock, "1")).toEqual({ kind: "writing" });
  });

  it("does not touch the lock for who is only next", () => {
    expect(cancelOwner(contended, "2")).toEqual({ kind: "not-owner" });
  });

  it("begins to write only when no function of an owner that left in the middle can be writing any more", () => {
    const left = after(leave(after(claimWriting(writing, { promotion: "1", phase: "writing", until: 900 })), { promotion: "1", unsettled: undefined }));
    const next = after(enter(left, entrance("2", { fence: left.fence })));
    const claim = { promotion: "2", fence: next.fence, plan: "plan" };
    expect(beginWriting(next, { ...claim, now: 899 })).toEqual({ kind: "busy" });
    expect(after(beginWriting(next, { ...claim, now: 900 }))).toMatchObject({ writersUntil: undefined, owner: { promotion: "2", phase: "writing" } });
  });

  it("wins or loses against the beginning of writing, never both", () => {
    expect(beginWriting(after(cancelOwner(waiting, "1")), { promotion: "1", fence: 0, plan: "plan", now: 0 }).kind).toBe("cancelled");
    expect(cancelOwner(writing, "1").kind).toBe("writing");
  });
});

describe("leaving", () => {
  it("hands the environment to next, who must verify again", () => {
    const handed = after(leave(contended, { promotion: "1", unsettled: undefined }));
    expect(handed).toMatchObject({ fence: 1, owner: { promotion: "2", phase: "waiting", cancelled: false }, next: undefined });
    expect(enter(handed, entrance("2", { entered: true, fence: 0 }))).toEqual({ kind: "stale" });
  });

  it("gives back the place next and leaves the owner alone", () => {
    expect(after(leave(contended, { promotion: "2", unsettled: undefined }))).toMatchObject({ fence: 0, owner: { promotion: "1" }, next: undefined });
  });

  it("is nothing for who has neither", () => {
    expect(leave(contended, { promotion: "9", unsettled: undefined })).toEqual({ kind: "same" });
  });

  it("frees an environment it left unsettled without handing it over, and says until when a writer may live", () => {
    const left = after(leave(contended, { promotion: "1", unsettled: "it broke" }));
    expect(left).toMatchObject({ owner: undefined, next: { promotion: "2" }, unsettled: { by: "1", reason: "it broke" } });
    expect(unsettled.unsettled?.writingUntil).toBe(900);
  });

  it("hands over to who waited as soon as a person settles it", () => {
    const left = after(leave(contended, { promotion: "1", unsettled: "it broke" }));
    expect(after(settle(left, { by: "1", now: 0 }))).toMatchObject({ owner: { promotion: "2" }, next: undefined, unsettled: undefined });
    expect(settle(freeLock, { by: "1", now: 0 })).toEqual({ kind: "not-unsettled" });
    expect(settle(left, { by: "another", now: 0 })).toEqual({ kind: "not-unsettled" });
  });

  it("lets the next owner begin only when no function of the one before can write any more", () => {
    const claimed = after(claimWriting(after(enter(writing, entrance("2"))), { promotion: "1", phase: "writing", until: 900 }));
    const handed = after(leave(claimed, { promotion: "1", unsettled: undefined }));
    const claim = { promotion: "2", fence: handed.fence, plan: "plan" };
    expect(beginWriting(handed, { ...claim, now: 899 })).toEqual({ kind: "busy" });
    expect(after(beginWriting(handed, { ...claim, now: 900 }))).toMatchObject({ owner: { promotion: "2", phase: "writing" }, writersUntil: undefined });
  });

  it("drops a dead next only while it is next", () => {
    expect(after(dropNext(contended, "2")).next).toBeUndefined();
    expect(dropNext(contended, "3")).toEqual({ kind: "same" });
  });
});

describe("any sequence of what promotions do to one environment", () => {
  const names = ["1", "2", "3", "4"] as const;
  const commands = ["enter", "begin", "claim", "clear", "rollback", "cancel", "leave", "leave-unsettled", "dropNext", "settle", "restore", "restored"] as const;
  const command = fc.record({ name: fc.constantFrom(...commands), promotion: fc.constantFrom(...names), stale: fc.boolean() });
  type Command = { readonly name: (typeof commands)[number]; readonly promotion: string; readonly stale: boolean };

  /** What the record of each promotion would know: the fence it noted and that it entered. */
  interface Memory { readonly noted: Map<string, number>; readonly entered: Set<string> }

  function carryOut(lock: Lock, { name, promotion, stale }: Command, { noted, entered }: Memory): { readonly kind: string; readonly lock?: Lock } {
    switch (name) {
      case "enter": {
        if (!stale) noted.set(promotion, lock.fence);
        const result = enter(lock, entrance(promotion, { fence: noted.get(promotion) ?? 0, entered: entered.has(promotion) }));
        if (result.kind === "owner" || result.kind === "next") entered.add(promotion);
        return result;
      }
      case "begin": return beginWriting(lock, { promotion, fence: noted.get(promotion) ?? 0, plan: `plan ${promotion}`, now: lock.revision });
      case "claim": return claimWriting(lock, { promotion, phase: stale ? "rolling-back" : "writing", until: lock.revision + 3 });
      case "clear": return endWriting(lock, { promotion, until: lock.revision + 2, left: 0 });
      case "rollback": return beginRollBack(lock, promotion);
      case "cancel": return cancelOwner(lock, promotion);
      case "leave": return leave(lock, { promotion, unsettled: undefined });
      case "leave-unsettled": return leave(lock, { promotion, unsettled: "it broke" });
      case "dropNext": return dropNext(lock, promotion);
      case "settle": return settle(lock, { by: lock.unsettled?.by ?? promotion, now: lock.revision });
      case "restore": return claimRestore(lock, { by: promotion, until: lock.revision + 3, now: lock.revision });
      case "restored": return markRestored(lock, { until: lock.revision + 2 });
      default: return name satisfies never;
    }
  }

  interface Change { readonly before: Lock; readonly one: Command; readonly result: { readonly kind: string; readonly lock?: Lock }; readonly entered: boolean }

  /** What must hold of every single change, in words; empty when all of it does. */
  function violations({ before, one, result, entered }: Change): readonly string[] {
    const next = result.lock ?? before;
    const owns = before.owner?.promotion === one.promotion;
    const changesHands = next.owner?.promotion !== before.owner?.promotion;
    const rules: Readonly<Record<string, boolean>> = {
      "the fence fell": next.fence < before.fence,
      "somebody is owner and next": next.owner !== undefined && next.owner.promotion === next.next?.promotion,
      "an unsettled environment has an owner": next.unsettled !== undefined && next.owner !== undefined,
      "the revision did not go up by one": result.lock !== undefined && result.lock !== before && result.lock.revision !== before.revision + 1,
      "it changed hands under the same fence": changesHands && before.owner !== undefined && next.fence <= before.fence,
      "somebody else changed the owner": before.owner !== undefined && !owns && next.owner !== before.owner,
      "an owner went without leaving": before.owner !== undefined && changesHands && !one.name.startsWith("leave"),
      "somebody who is not the owner wrote": ["begin", "claim", "clear", "rollback", "cancel"].includes(one.name) && !owns && result.lock !== undefined,
      "a cancelled promotion began to write": one.name === "begin" && result.lock !== undefined && before.owner?.cancelled === true,
      "somebody began while an earlier writer may be at work": one.name === "begin" && result.lock !== undefined && (before.writersUntil ?? 0) > before.revision,
      "a cancellation in writing was not refused": one.name === "cancel" && owns && before.owner?.phase !== "waiting" && result.kind !== "writing",
      "somebody entered an unsettled environment": one.name === "enter" && before.unsettled !== undefined && result.kind !== "unsettled" && !(result.kind === "next" && result.lock === before),
      "who was displaced came back": one.name === "enter" && entered && !owns && before.next?.promotion !== one.promotion && !before.unsettled && result.kind !== "superseded",
      "something but a person settled it": before.unsettled !== undefined && one.name !== "settle" && next.unsettled?.by !== before.unsettled.by,
      "it was settled or claimed while somebody may be writing": ["settle", "restore"].includes(one.name) && result.lock !== undefined && (before.unsettled?.writingUntil ?? 0) > before.revision,
    };
    return Object.keys(rules).filter((rule) => rules[rule]);
  }

  it("keeps one owner, a fence that never falls, writes of the owner only, and no heir of an unsettled environment", () => {
    fc.assert(fc.property(fc.array(command, { maxLength: 60 }), (sequence) => {
      const memory: Memory = { noted: new Map(), entered: new Set() };
      let lock = freeLock;
      for (const one of sequence) {
        const entered = memory.entered.has(one.promotion);
        const result = carryOut(lock, one, memory);
        expect(violations({ before: lock, one, result, entered })).toEqual([]);
        lock = result.lock ?? lock;
      }
    }), { numRuns: 500 });
  });

  it("lets nobody begin to write under a fence that somebody else's writing raised", () => {
    fc.assert(fc.property(fc.array(command, { maxLength: 60 }), (sequence) => {
      const memory: Memory = { noted: new Map(), entered: new Set() };
      let lock = freeLock;
      for (const one of sequence) {
        const result = carryOut(lock, one, memory);
        const began = one.name === "begin" && result.lock !== undefined;
        expect(began && (memory.noted.get(one.promotion) ?? 0) !== lock.fence).toBe(false);
        lock = result.lock ?? lock;
      }
    }), { numRuns: 200 });
  });
});
