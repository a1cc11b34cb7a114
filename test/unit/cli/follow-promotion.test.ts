import { describe, expect, it } from "vitest";
import type { Connection } from "../../../cli/connection.ts";
import { CommandError, exitCodes } from "../../../cli/exit-codes.ts";
import { followPromotion } from "../../../cli/follow-promotion.ts";

const step = (name: string): object => ({ step: name });
const looks = {
  open: { promotion: { announced: false }, trail: [step("VerifyImages")] },
  announced: {
    promotion: { ending: "Promoted", announced: true },
    trail: [step("VerifyImages"), step("ClosePromotion")],
  },
  told: {
    promotion: { ending: "Promoted", announced: true },
    trail: [step("VerifyImages"), step("ClosePromotion"), step("Announce")],
  },
};

const lost = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const busy = new CommandError("DynamoDB throttled us", exitCodes.tryAgain, {
  name: "StoreUnavailable",
});

/** Answers one look after the other, and the last one for ever. */
async function follow(
  ...answers: readonly (object | "unknown" | Error)[]
): Promise<{ readonly steps: readonly string[]; readonly looked: number }> {
  let looked = 0;
  const steps: string[] = [];
  const invoke: Connection["invoke"] = async () => {
    const answer = answers[Math.min(looked, answers.length - 1)];
    looked += 1;
    if (answer === "unknown") {
      throw new CommandError("nothing of that name", exitCodes.usage, { name: "NotFound" });
    }
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const connection: Connection = { where: "here", pace: 0, invoke, start: async () => undefined };
  await followPromotion({
    connection,
    promotion: "p-1",
    onChange: (_, news) => void steps.push(...news.steps.map((one) => one.step)),
  });
  return { steps, looked };
}

describe("following a promotion", () => {
  it("prints every step once, the announcement included, which stands in the trail a moment later", async () => {
    expect(await follow(looks.open, looks.announced, looks.told)).toEqual({
      steps: ["VerifyImages", "ClosePromotion", "Announce"],
      looked: 3,
    });
  });

  it("ends all the same when the workflow did not announce it", async () => {
    const { steps, looked } = await follow(looks.announced);
    expect(steps).toEqual(["VerifyImages", "ClosePromotion"]);
    expect(looked).toBeLessThan(10);
  });

  it("waits for the record of an execution that has just started", async () => {
    expect((await follow("unknown", looks.told)).looked).toBe(2);
  });

  it("continues after failed polls, and prints no step twice", async () => {
    expect(await follow(looks.open, lost, busy, lost, looks.told)).toEqual({
      steps: ["VerifyImages", "ClosePromotion", "Announce"],
      looked: 5,
    });
  });

  it("is given up after eight looks that failed one after the other, and not before", async () => {
    const seven = Array.from({ length: 7 }, () => lost);
    expect((await follow(looks.open, ...seven, looks.open, ...seven, looks.told)).looked).toBe(17);
    await expect(follow(looks.open, ...seven, lost, looks.told)).rejects.toBe(lost);
  });

  it("is given up at once when another look would fail too", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    await expect(follow(looks.open, denied, looks.told)).rejects.toBe(denied);
  });
});
