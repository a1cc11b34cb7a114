import { beforeEach, describe, expect, it } from "vitest";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { Ending, Progress } from "../../../../src/domain/promotion.ts";
import type { CollectedRelease } from "../../../../src/domain/release.ts";
import { retryPromotion } from "../../../../src/promotion/operations/retry-promotion.ts";
import { startPromotion, type Start } from "../../../../src/promotion/release/start-promotion.ts";
import type { StepResult } from "../../../../src/promotion/step/step-result.ts";
import { resolveRelease } from "../../../../src/promotion/steps/resolve-release.ts";
import { aWorld, repositories, type ShopWorld } from "../../../builders/a-world.ts";
import { fakeWorkflow } from "../../../fakes/workflow.ts";

const set = "a".repeat(64);
const key = { application: "shop", version: "1.0.0" };
const fresh: CollectedRelease = {
  ...key,
  members: {},
  firstSeen: 1,
  settlesAt: undefined,
  final: undefined,
  attempts: {},
};
const pushed = (at: number): CollectedRelease => ({
  ...fresh,
  members: {
    "shop-api": {
      repository: repositories.api,
      digest: `sha256:${"1".repeat(64)}` as Digest,
      pushedAt: at,
      events: ["e-1"],
    },
  },
});

describe("starting a promotion", () => {
  let world: ShopWorld;
  const start = async (change: Partial<Start> = {}) =>
    startPromotion(
      {
        release: (await world.releases.read(key)) ?? fresh,
        environment: "production",
        set,
        repeated: false,
        ...change,
      },
      world,
    );
  const attempts = () => world.workflow.executions().map(({ id }) => Number(id.split("-").at(-1)));

  const retry = (promotion: string) =>
    retryPromotion.run({ promotion, requester: "ANNA", reason: "the registry is back" }, world);

  /** The execution opens its record and ends. */
  async function ends(id: string, ending: Ending, progress: Progress = "none"): Promise<void> {
    await world.open({ id, version: "1.0.0" });
    await world.promotions.update(id, { progress, set });
    await world.promotions.close(id, { ending, reasons: [], closedAt: 5 });
    world.workflow.end(id, ending === "Failed" ? "failed" : "succeeded");
  }

  /** A promotion that somebody started under a name of its own ends, and is tried again. */
  async function byHand(id: string): Promise<StepResult> {
    world.pass(1_000);
    await world.open({ id, version: "1.0.0" });
    await world.promotions.update(id, { set });
    await world.promotions.close(id, {
      ending: "Expired",
      reasons: [],
      closedAt: world.clock.now() + 1,
    });
    return retryPromotion.run({ promotion: id, requester: "ANNA", reason: undefined }, world);
  }

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
  });

  it("starts the first attempt with an input that names the set and no requester", async () => {
    expect(await start()).toMatchObject({
      kind: "started",
      promotion: expect.stringMatching(/^p-[0-9a-f]{40}-1$/),
    });
    expect(world.workflow.executions()[0]?.input).toEqual({
      ...key,
      environment: "production",
      set,
    });
  });

  it("is a duplicate while the first one runs under the same name", async () => {
    const first = await start();
    await start({ repeated: true });
    expect(attempts()).toEqual([1]);
    expect((await start()).promotion).toBe(first.promotion);
  });

  it.each<[Ending, Progress, boolean]>([
    ["WaitExpired", "none", true],
    ["Expired", "none", true],
    ["Failed", "none", true],
    ["Failed", "writing", false],
    ["Promoted", "rolled-out", false],
    ["Rejected", "none", false],
    ["Refused", "none", false],
    ["Cancelled", "none", false],
    ["Superseded", "none", true],
  ])("after %s (%s) by a new push makes another attempt: %s", async (ending, progress, again) => {
    const { promotion } = await start();
    await ends(promotion, ending, progress);
    expect((await start()).kind).toBe(again ? "started" : "duplicate");
    expect(attempts()).toEqual(again ? [1, 2] : [1]);
  });

  it("never makes another attempt for an event that was counted before", async () => {
    const { promotion } = await start();
    await ends(promotion, "Expired");
    expect(await start({ repeated: true })).toEqual({ kind: "duplicate", promotion });
    expect(attempts()).toEqual([1]);
  });

  describe("for an event that was counted before", () => {
    it.each<[string, number, readonly number[]]>([
      [
        "makes another attempt after one that had ended before the push: its first handling got no further",
        6,
        [1, 2],
      ],
      ["makes none after one that the push itself started", 5, [1]],
    ])("%s", async (_, at, expected) => {
      const { promotion } = await start();
      await ends(promotion, "Expired");
      await start({ repeated: true, release: pushed(at) });
      expect(attempts()).toEqual(expected);
    });

    it("makes none where another attempt makes no sense, however late the push came", async () => {
      const { promotion } = await start();
      await ends(promotion, "Rejected");
      expect(await start({ repeated: true, release: pushed(6) })).toEqual({
        kind: "duplicate",
        promotion,
      });
      expect(attempts()).toEqual([1]);
    });

    it.each([
      ["failed", [1, 2]],
      ["timed-out", [1, 2]],
      ["aborted", [1]],
    ] as const)(
      "makes another attempt after an execution that %s without a record: %s",
      async (status, expected) => {
        const { promotion } = await start();
        world.workflow.end(promotion, status);
        await start({ repeated: true });
        expect(attempts()).toEqual(expected);
      },
    );

    it("only reports that the execution runs while it has no record yet", async () => {
      const { promotion } = await start();
      expect(await start({ repeated: true })).toEqual({ kind: "running", promotion });
    });
  });

  it("makes no other attempt while Step Functions knows the name and does not say yet how it is", async () => {
    const { promotion } = await start();
    world.workflow.end(promotion, "failed");
    world = { ...world, workflow: { ...world.workflow, status: async () => undefined } };
    expect(await start()).toEqual({ kind: "running", promotion });
    expect(attempts()).toEqual([1]);
  });

  it("makes another attempt after an execution that died without a record, not while it runs", async () => {
    const { promotion } = await start();
    world.workflow.end(promotion, "failed");
    expect((await start()).kind).toBe("started");
    expect(attempts()).toEqual([1, 2]);
  });

  it("makes a third attempt after the second", async () => {
    await ends((await start()).promotion, "Expired");
    await ends((await start()).promotion, "Expired");
    expect((await start()).kind).toBe("started");
    expect(attempts()).toEqual([1, 2, 3]);
  });

  it("makes one next attempt when two pushes ask at the same moment", async () => {
    await ends((await start()).promotion, "Expired");
    await Promise.all([start(), start()]);
    expect(attempts()).toEqual([1, 2]);
  });

  it("goes by the record where Step Functions has forgotten the name", async () => {
    const { promotion } = await start();
    await ends(promotion, "Promoted", "rolled-out");
    world = { ...world, workflow: fakeWorkflow() };
    expect(await start()).toEqual({ kind: "duplicate", promotion });
    expect(attempts()).toEqual([]);
  });

  it("makes another attempt, not the first again, where Step Functions has forgotten the name", async () => {
    await ends((await start()).promotion, "Expired");
    world = { ...world, workflow: fakeWorkflow() };
    expect((await start()).kind).toBe("started");
    expect(attempts()).toEqual([2]);
  });

  describe("retry", () => {
    beforeEach(async () => {
      await world.releases.finalise(key, set, []);
    });

    it("makes the next attempt after any ending, and names who asked", async () => {
      const { promotion } = await start();
      await ends(promotion, "Failed", "writing");
      await retry(promotion);
      expect(attempts()).toEqual([1, 2]);
      expect(world.workflow.executions()[1]?.input).toMatchObject({
        set,
        requester: "ANNA",
        reason: "the registry is back",
      });
    });

    it("makes one more attempt each time", async () => {
      const { promotion } = await start();
      await ends(promotion, "Failed", "writing");
      const {
        reasons: [second = ""],
      } = await retry(promotion);
      await ends(second, "Failed", "writing");
      await retry(second);
      expect(attempts()).toEqual([1, 2, 3]);
    });

    describe("of a promotion that was retried already", () => {
      let first: string;
      const second = () => first.replace(/1$/, "2");
      const again = (
        change: {
          readonly promotion?: string;
          readonly requester?: string;
          readonly reason?: string;
        } = {},
      ) =>
        retryPromotion.run(
          { promotion: first, requester: "ANNA", reason: "the registry is back", ...change },
          world,
        );
      /** The second attempt has its record, as its first step writes it. */
      const opened = async () => {
        const { input } = world.workflow.executions().at(-1) ?? {};
        await resolveRelease.run(
          {
            promotion: second(),
            execution: `arn:${second()}`,
            startedAt: new Date(world.clock.now()).toISOString(),
            input,
          },
          world,
        );
      };

      beforeEach(async () => {
        first = (await start()).promotion;
        await ends(first, "Expired");
        await again();
      });

      it.each([
        ["before it has a record", false],
        ["while it is open", true],
      ])("answers the same call with the same attempt, %s", async (_, hasRecord) => {
        if (hasRecord) await opened();
        expect(await again()).toEqual({ outcome: "started", reasons: [second()] });
        expect(attempts()).toEqual([1, 2]);
      });

      it.each([
        ["another person, before it has a record", false, { requester: "BEN" }],
        ["another person, while it is open", true, { requester: "BEN" }],
        ["the same person for another reason", true, { reason: "once more" }],
      ])("is refused for %s, and names the attempt", async (_, hasRecord, change) => {
        if (hasRecord) await opened();
        await expect(again(change)).rejects.toMatchObject({
          name: "NotAllowed",
          message: `promotion ${first} is already being retried: ${second()} has not ended yet; run \`cancel ${second()}\` first, or wait`,
        });
        expect(attempts()).toEqual([1, 2]);
      });

      it("is refused once that one has ended: it is the one to retry", async () => {
        await ends(second(), "Expired");
        await expect(again()).rejects.toMatchObject({
          name: "NotAllowed",
          message: `promotion ${first} was already retried as ${second()}, which ended as Expired; run \`retry ${second()}\``,
        });
        await again({ promotion: second() });
        expect(attempts()).toEqual([1, 2, 3]);
      });

      it("makes another one where that died before it had a record", async () => {
        world.workflow.end(second(), "failed");
        await again();
        expect(attempts()).toEqual([1, 2, 3]);
      });

      it("starts that one where it was counted and never started", async () => {
        world = { ...world, workflow: fakeWorkflow() };
        await again();
        expect(attempts()).toEqual([2]);
      });
    });

    it("makes one attempt when two persons ask at the same moment, and refuses the other", async () => {
      const { promotion } = await start();
      await ends(promotion, "Expired");
      const both = await Promise.allSettled(
        ["ANNA", "BEN"].map((requester) =>
          retryPromotion.run({ promotion, requester, reason: undefined }, world),
        ),
      );
      expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(attempts()).toEqual([1, 2]);
    });

    it("of one that was started by hand takes the name that a push would give, and after a later one by hand the next", async () => {
      const {
        reasons: [id = ""],
      } = await byHand("m-1");
      expect(id).toMatch(/^p-[0-9a-f]{40}-1$/);
      await ends(id, "Expired");
      expect((await byHand("m-2")).reasons).toEqual([id.replace(/1$/, "2")]);
    });

    it("is refused for a plan: a person who only looked would start a promotion", async () => {
      const { promotion } = await start();
      await world.open({ id: promotion, version: "1.0.0", mode: "plan" });
      await world.promotions.update(promotion, { set });
      await world.promotions.close(promotion, { ending: "Planned", reasons: [], closedAt: 5 });
      await expect(retry(promotion)).rejects.toThrow("was only a plan");
      expect(attempts()).toEqual([1]);
    });

    it("is refused while the promotion is open, for one that had no digests, and for one that is not known", async () => {
      const { promotion } = await start();
      await world.open({ id: promotion, version: "1.0.0" });
      await expect(retry(promotion)).rejects.toThrow("has not ended yet");
      await world.open({ id: "p-9", version: "9.9.9" });
      await world.promotions.close("p-9", { ending: "Refused", reasons: [], closedAt: 5 });
      await expect(retry("p-9")).rejects.toMatchObject({ name: "NotAllowed" });
      await expect(retry("p-0")).rejects.toMatchObject({ name: "NotFound" });
    });
  });
});
