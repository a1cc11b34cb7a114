import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimedUntil, maxClaims, type Claim } from "../../../src/domain/claim.ts";
import { freeLock, type Lock } from "../../../src/domain/lock.ts";
import { claimWriting, endClaim } from "../../../src/domain/lock/claim-writing.ts";
import { enter, type Entrance } from "../../../src/domain/lock/enter.ts";
import { dropNext, leave, settle } from "../../../src/domain/lock/leave.ts";
import { claimRestore, markRestored } from "../../../src/domain/lock/restore.ts";
import { beginRollBack, startWriting, cancelOwner } from "../../../src/domain/lock/write.ts";

const isHigherThan =
  (version: string) =>
  (than: string): boolean =>
    Number(version) > Number(than);

const entrance = (promotion: string, change: Partial<Entrance> = {}): Entrance => ({
  promotion,
  version: promotion,
  fence: 0,
  entered: false,
  isHigher: isHigherThan(change.version ?? promotion),
  ...change,
});

function after(transition: { readonly kind: string; readonly lock?: Lock }): Lock {
  if (!transition.lock) throw new Error(`nothing to write: ${transition.kind}`);
  return transition.lock;
}

const claimOf = ({ claims }: Lock, by: string): number | undefined =>
  claims.find(({ invocation }) => invocation === by)?.until;

const waiting = after(enter(freeLock, entrance("1")));
const writing = after(startWriting(waiting, { promotion: "1", fence: 0, plan: "plan", now: 0 }));
const rollingBack = after(beginRollBack(writing, "1"));
const contended = after(enter(waiting, entrance("2")));
const claiming = (lock: Lock, claim: Partial<Claim> & { readonly now?: number } = {}): Lock =>
  after(
    claimWriting(lock, {
      promotion: "1",
      invocation: "a",
      phase: "writing",
      until: 900,
      now: 0,
      ...claim,
    }),
  );
const unsettled = after(leave(claiming(writing), { promotion: "1", unsettled: "it broke" }));

describe("entering", () => {
  it("takes a free environment under the fence of the plan", () => {
    expect(waiting).toMatchObject({
      revision: 1,
      fence: 0,
      owner: { promotion: "1", phase: "waiting", plan: undefined, cancelled: false },
    });
  });

  it("is stale when the environment changed hands since the plan", () => {
    expect(enter({ ...freeLock, fence: 3 }, entrance("1"))).toEqual({ kind: "stale" });
  });

  it("changes nothing for the owner who comes again with the same fence", () => {
    expect(enter(waiting, entrance("1", { entered: true }))).toEqual({
      kind: "owner",
      lock: waiting,
      changed: false,
    });
  });

  it("sends the owner back to verify after a hand-over raised the fence", () => {
    expect(enter({ ...waiting, fence: 1 }, entrance("1", { entered: true }))).toEqual({
      kind: "stale",
    });
  });

  it("takes the empty place next", () => {
    expect(enter(waiting, entrance("2"))).toMatchObject({
      kind: "next",
      changed: true,
      displaced: undefined,
      lock: { owner: { promotion: "1" }, next: { promotion: "2" } },
    });
  });

  it("takes the place next from a lower version, which it names", () => {
    expect(enter(contended, entrance("3"))).toMatchObject({
      kind: "next",
      displaced: "2",
      lock: { next: { promotion: "3" } },
    });
  });

  it.each([
    ["lower", "1"],
    ["equal", "2"],
  ])("is superseded by who is next when its own version is %s", (_, version) => {
    expect(enter(contended, entrance("9", { version }))).toEqual({ kind: "superseded", by: "2" });
  });

  it("keeps the place next for who has it already", () => {
    expect(enter(contended, entrance("2", { entered: true }))).toMatchObject({
      kind: "next",
      changed: false,
    });
  });

  it("is superseded when it entered before and is no longer owner or next", () => {
    expect(enter(contended, entrance("9", { entered: true }))).toEqual({
      kind: "superseded",
      by: "2",
    });
    expect(enter(freeLock, entrance("9", { entered: true }))).toMatchObject({ kind: "superseded" });
  });

  it("stays out of an unsettled environment", () => {
    expect(enter(unsettled, entrance("2", { fence: unsettled.fence }))).toEqual({
      kind: "unsettled",
      by: "1",
      reason: "it broke",
    });
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
    expect(
      startWriting(lock, { promotion: "1", fence: 0, plan: "plan", now: 0, ...claim }),
    ).toEqual({ kind });
  });

  it.each([
    ["waiting", waiting, "writing"],
    ["writing", writing, "rolling-back"],
    ["rolling back", rollingBack, "writing"],
  ] as const)("gives an owner that is %s no claim for %s", (_, lock, phase) => {
    expect(
      claimWriting(lock, { promotion: "1", invocation: "a", phase, until: 5, now: 0 }),
    ).toEqual({ kind: "not-owner" });
  });

  describe("claims", () => {
    const twins = claiming(claiming(writing, { until: 138 }), {
      invocation: "late twin",
      until: 120,
    });

    it("of two functions stand beside each other: a late twin shortens nothing, and the end of one leaves the other", () => {
      expect(twins.claims).toEqual([
        { invocation: "a", phase: "writing", until: 138 },
        { invocation: "late twin", phase: "writing", until: 120 },
      ]);
      expect(after(endClaim(twins, { invocation: "late twin", now: 10 })).claims).toEqual([
        { invocation: "a", phase: "writing", until: 138 },
      ]);
      expect(after(endClaim(twins, { invocation: "a", now: 10 })).claims).toEqual([
        { invocation: "late twin", phase: "writing", until: 120 },
      ]);
    });

    it("keep the next owner out until the last of them is past, also when its promotion was stopped", () => {
      const handed = after(leave(twins, { promotion: "1", unsettled: undefined }));
      const next = after(enter(handed, entrance("2", { fence: handed.fence })));
      const claim = { promotion: "2", fence: next.fence, plan: "plan" };
      expect(startWriting(next, { ...claim, now: 121 })).toEqual({ kind: "busy" });
      expect(
        startWriting(after(endClaim(next, { invocation: "late twin", now: 10 })), {
          ...claim,
          now: 137,
        }),
      ).toEqual({ kind: "busy" });
      expect(after(startWriting(next, { ...claim, now: 138 }))).toMatchObject({
        claims: [],
        owner: { promotion: "2", phase: "writing" },
      });
    });

    it("are given up after a handover too, so that no one waits for a function that is done", () => {
      const handed = after(
        leave(
          claiming(
            contended.owner
              ? { ...contended, owner: { ...contended.owner, phase: "writing" } }
              : contended,
          ),
          { promotion: "1", unsettled: undefined },
        ),
      );
      expect(handed.claims).toHaveLength(1);
      expect(after(endClaim(handed, { invocation: "a", now: 10 }))).toMatchObject({
        claims: [],
        owner: { promotion: "2" },
      });
    });

    it("are shortened by a failure, never made longer", () => {
      expect(after(endClaim(twins, { invocation: "a", now: 10, until: 20 })).claims[0]?.until).toBe(
        20,
      );
      expect(after(endClaim(twins, { invocation: "a", now: 130, until: 140 })).claims).toEqual([
        { invocation: "a", phase: "writing", until: 138 },
      ]);
    });

    it("of one invocation are one, which announces itself again and never shortens itself", () => {
      expect(claiming(claiming(writing), { until: 950 }).claims).toMatchObject([{ until: 950 }]);
      expect(claiming(claiming(writing), { until: 850 }).claims).toMatchObject([{ until: 900 }]);
    });

    it("that are past are dropped, and whose own is past ends nothing", () => {
      expect(
        claiming(twins, { invocation: "b", now: 130, until: 300 }).claims.map(
          ({ invocation }) => invocation,
        ),
      ).toEqual(["a", "b"]);
      expect(
        endClaim(claiming(twins, { invocation: "b", now: 130 }), {
          invocation: "late twin",
          now: 131,
        }),
      ).toEqual({ kind: "same" });
    });

    it("are not more than a bound, which past ones do not count for", () => {
      const full = Array.from({ length: maxClaims }, (_, index) => String(index)).reduce(
        (lock, invocation) => claiming(lock, { invocation }),
        writing,
      );
      const another = {
        promotion: "1",
        invocation: "another",
        phase: "writing",
        until: 1_000,
      } as const;
      expect(claimWriting(full, { ...another, now: 899 })).toEqual({ kind: "crowded" });
      expect(claiming(full, { invocation: "0", until: 950 }).claims).toHaveLength(maxClaims);
      expect(after(claimWriting(full, { ...another, now: 900 })).claims).toHaveLength(1);
    });

    it("of writing stay over the beginning of a rollback, so that the writer is waited out", () => {
      expect(after(beginRollBack(claiming(writing), "1"))).toMatchObject({
        fence: 2,
        owner: { phase: "rolling-back" },
        claims: [{ phase: "writing", until: 900 }],
      });
    });

    it("of a rollback that a person asked for keep out whoever settles or asks again", () => {
      const restoring = after(
        claimRestore(unsettled, { by: "1", invocation: "back", until: 1_200, now: 950 }),
      );
      expect(settle(restoring, { by: "1", now: 1_199 })).toEqual({ kind: "busy" });
      expect(
        claimRestore(restoring, { by: "1", invocation: "again", until: 1_300, now: 1_199 }),
      ).toEqual({ kind: "busy" });
      expect(after(markRestored(restoring, { invocation: "back", now: 1_000 }))).toMatchObject({
        claims: [],
        unsettled: { by: "1", restored: true },
      });
      expect(
        after(claimRestore(restoring, { by: "1", invocation: "again", until: 1_300, now: 1_200 }))
          .claims,
      ).toMatchObject([{ invocation: "again" }]);
    });

    it("of a rollback that are past mark nothing: another promotion may have been here since", () => {
      const restoring = after(
        claimRestore(unsettled, { by: "1", invocation: "back", until: 1_200, now: 950 }),
      );
      expect(markRestored(restoring, { invocation: "back", now: 1_200 })).toEqual({ kind: "same" });
    });
  });

  it.each([
    ["waiting", waiting, "not-owner"],
    ["rolling back already", rollingBack, "same"],
    ["gone", freeLock, "not-owner"],
  ])("answers a rollback of an owner that is %s", (_, lock, kind) => {
    expect(beginRollBack(lock, "1")).toEqual({ kind });
  });
});

describe("cancelling", () => {
  it("marks the waiting owner once", () => {
    const cancelled = after(cancelOwner(waiting, "1"));
    expect(cancelled.owner?.cancelled).toBe(true);
    expect(cancelOwner(cancelled, "1")).toEqual({ kind: "same" });
  });

  it.each([
    ["writing", writing],
    ["rolling back", rollingBack],
  ])("is refused while %s", (_, lock) => {
    expect(cancelOwner(lock, "1")).toEqual({ kind: "writing" });
  });

  it("does not touch the lock for a promotion that is only next", () => {
    expect(cancelOwner(contended, "2")).toEqual({ kind: "not-owner" });
  });

  it("wins or loses against the beginning of writing, never both", () => {
    expect(
      startWriting(after(cancelOwner(waiting, "1")), {
        promotion: "1",
        fence: 0,
        plan: "plan",
        now: 0,
      }).kind,
    ).toBe("cancelled");
    expect(cancelOwner(writing, "1").kind).toBe("writing");
  });
});

describe("leaving", () => {
  it("hands the environment to next, who must verify again", () => {
    const handed = after(leave(contended, { promotion: "1", unsettled: undefined }));
    expect(handed).toMatchObject({
      fence: 1,
      owner: { promotion: "2", phase: "waiting", cancelled: false },
      next: undefined,
    });
    expect(enter(handed, entrance("2", { entered: true, fence: 0 }))).toEqual({ kind: "stale" });
  });

  it("gives up the place next and leaves the owner alone", () => {
    expect(after(leave(contended, { promotion: "2", unsettled: undefined }))).toMatchObject({
      fence: 0,
      owner: { promotion: "1" },
      next: undefined,
    });
  });

  it("is nothing for who has neither", () => {
    expect(leave(contended, { promotion: "9", unsettled: undefined })).toEqual({ kind: "same" });
  });

  it("frees an environment it left unsettled without handing it over, and says until when a writer may live", () => {
    const left = after(leave(contended, { promotion: "1", unsettled: "it broke" }));
    expect(left).toMatchObject({
      owner: undefined,
      next: { promotion: "2" },
      unsettled: { by: "1", reason: "it broke" },
    });
    expect(unsettled.claims).toMatchObject([{ until: 900 }]);
  });

  it("hands over to who waited as soon as a person settles it", () => {
    const left = after(leave(contended, { promotion: "1", unsettled: "it broke" }));
    expect(after(settle(left, { by: "1", now: 0 }))).toMatchObject({
      owner: { promotion: "2" },
      next: undefined,
      unsettled: undefined,
    });
    expect(settle(freeLock, { by: "1", now: 0 })).toEqual({ kind: "not-unsettled" });
    expect(settle(left, { by: "another", now: 0 })).toEqual({ kind: "not-unsettled" });
  });

  it("lets the next owner begin only when no function of the one before can still write", () => {
    const claimed = claiming(after(enter(writing, entrance("2"))));
    const handed = after(leave(claimed, { promotion: "1", unsettled: undefined }));
    const claim = { promotion: "2", fence: handed.fence, plan: "plan" };
    expect(startWriting(handed, { ...claim, now: 899 })).toEqual({ kind: "busy" });
    expect(after(startWriting(handed, { ...claim, now: 900 }))).toMatchObject({
      owner: { promotion: "2", phase: "writing" },
      claims: [],
    });
  });

  it("drops a dead next only while it is next", () => {
    expect(after(dropNext(contended, "2")).next).toBeUndefined();
    expect(dropNext(contended, "3")).toEqual({ kind: "same" });
  });
});

describe("any sequence of what promotions do to one environment", () => {
  const names = ["1", "2", "3", "4"] as const;
  const commands = [
    "enter",
    "begin",
    "claim",
    "clear",
    "rollback",
    "cancel",
    "leave",
    "leave-unsettled",
    "dropNext",
    "settle",
    "restore",
    "restored",
  ] as const;
  const command = fc.record({
    name: fc.constantFrom(...commands),
    promotion: fc.constantFrom(...names),
    stale: fc.boolean(),
  });
  type Command = {
    readonly name: (typeof commands)[number];
    readonly promotion: string;
    readonly stale: boolean;
  };

  /** What the record of each promotion would know: the fence it noted and that it entered. */
  interface Memory {
    readonly noted: Map<string, number>;
    readonly entered: Set<string>;
  }

  function carryOut(
    lock: Lock,
    { name, promotion, stale }: Command,
    { noted, entered }: Memory,
  ): { readonly kind: string; readonly lock?: Lock } {
    // Every write takes a unit of time.
    const now = lock.revision;
    switch (name) {
      case "enter": {
        if (!stale) noted.set(promotion, lock.fence);
        const result = enter(
          lock,
          entrance(promotion, {
            fence: noted.get(promotion) ?? 0,
            entered: entered.has(promotion),
          }),
        );
        if (result.kind === "owner" || result.kind === "next") entered.add(promotion);
        return result;
      }
      case "begin":
        return startWriting(lock, {
          promotion,
          fence: noted.get(promotion) ?? 0,
          plan: `plan ${promotion}`,
          now,
        });
      case "claim":
        return claimWriting(lock, {
          promotion,
          invocation: promotion,
          phase: stale ? "rolling-back" : "writing",
          until: now + 3,
          now,
        });
      case "clear":
        return endClaim(lock, { invocation: promotion, now, ...(stale ? { until: now + 1 } : {}) });
      case "rollback":
        return beginRollBack(lock, promotion);
      case "cancel":
        return cancelOwner(lock, promotion);
      case "leave":
        return leave(lock, { promotion, unsettled: undefined });
      case "leave-unsettled":
        return leave(lock, { promotion, unsettled: "it broke" });
      case "dropNext":
        return dropNext(lock, promotion);
      case "settle":
        return settle(lock, { by: lock.unsettled?.by ?? promotion, now });
      case "restore":
        return claimRestore(lock, { by: promotion, invocation: promotion, until: now + 3, now });
      case "restored":
        return markRestored(lock, { invocation: promotion, now });
      default:
        return name satisfies never;
    }
  }

  interface Change {
    readonly before: Lock;
    readonly one: Command;
    readonly result: { readonly kind: string; readonly lock?: Lock };
    readonly entered: boolean;
  }

  /** What must hold of every single change, in words; empty when all of it does. */
  function violations({ before, one, result, entered }: Change): readonly string[] {
    const next = result.lock ?? before;
    const owns = before.owner?.promotion === one.promotion;
    const changesHands = next.owner?.promotion !== before.owner?.promotion;
    const rules: Readonly<Record<string, boolean>> = {
      "the fence fell": next.fence < before.fence,
      "one promotion is owner and next":
        next.owner !== undefined && next.owner.promotion === next.next?.promotion,
      "an unsettled environment has an owner":
        next.unsettled !== undefined && next.owner !== undefined,
      "the revision did not go up by one":
        result.lock !== undefined &&
        result.lock !== before &&
        result.lock.revision !== before.revision + 1,
      "it changed hands under the same fence":
        changesHands && before.owner !== undefined && next.fence <= before.fence,
      "another promotion changed the owner":
        before.owner !== undefined && !owns && next.owner !== before.owner,
      "an owner went without leaving":
        before.owner !== undefined && changesHands && !one.name.startsWith("leave"),
      "a promotion that is not the owner wrote":
        ["begin", "claim", "rollback", "cancel"].includes(one.name) &&
        !owns &&
        result.lock !== undefined,
      "a cancelled promotion began to write":
        one.name === "begin" && result.lock !== undefined && before.owner?.cancelled === true,
      "a promotion began while an earlier writer may be at work":
        one.name === "begin" &&
        result.lock !== undefined &&
        claimedUntil(before.claims) > before.revision,
      "a cancellation in writing was not refused":
        one.name === "cancel" &&
        owns &&
        before.owner?.phase !== "waiting" &&
        result.kind !== "writing",
      "a promotion entered an unsettled environment":
        one.name === "enter" &&
        before.unsettled !== undefined &&
        result.kind !== "unsettled" &&
        !(result.kind === "next" && result.lock === before),
      "who was displaced came back":
        one.name === "enter" &&
        entered &&
        !owns &&
        before.next?.promotion !== one.promotion &&
        !before.unsettled &&
        result.kind !== "superseded",
      "something but a person settled it":
        before.unsettled !== undefined &&
        one.name !== "settle" &&
        next.unsettled?.by !== before.unsettled.by,
      "it was settled or claimed while a function may be writing":
        ["settle", "restore"].includes(one.name) &&
        result.lock !== undefined &&
        claimedUntil(before.claims) > before.revision,
      "a live claim of another function was shortened or ended": before.claims.some(
        ({ invocation, until }) =>
          until > before.revision &&
          invocation !== one.promotion &&
          claimOf(next, invocation) !== until,
      ),
    };
    return Object.keys(rules).filter((rule) => rules[rule]);
  }

  it("keeps one owner, a fence that never falls, writes of the owner only, and no heir of an unsettled environment", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (sequence) => {
        const memory: Memory = { noted: new Map(), entered: new Set() };
        let lock = freeLock;
        for (const one of sequence) {
          const entered = memory.entered.has(one.promotion);
          const result = carryOut(lock, one, memory);
          expect(violations({ before: lock, one, result, entered })).toEqual([]);
          lock = result.lock ?? lock;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("lets no one begin to write under a fence that another's writing raised", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (sequence) => {
        const memory: Memory = { noted: new Map(), entered: new Set() };
        let lock = freeLock;
        for (const one of sequence) {
          const result = carryOut(lock, one, memory);
          const began = one.name === "begin" && result.lock !== undefined;
          expect(began && (memory.noted.get(one.promotion) ?? 0) !== lock.fence).toBe(false);
          lock = result.lock ?? lock;
        }
      }),
      { numRuns: 200 },
    );
  });
});
