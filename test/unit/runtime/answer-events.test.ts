import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { PromoterError } from "../../../src/domain/errors.ts";
import type { StepResult } from "../../../src/promotion/step/step-result.ts";
import { answerEvents } from "../../../src/runtime/answer-events.ts";
import { aFunctionWorld } from "./a-function-world.ts";

type Work = (input: { readonly repository: string; readonly token: string }) => Promise<StepResult>;

const schema = z.object({ repository: z.string(), token: z.string() });
const event = { repository: "shop-api", token: "a secret" };

async function recordsAfter(
  work: Work,
  given: unknown = event,
): Promise<{ readonly logs: readonly object[]; readonly answer: unknown }> {
  const logs: object[] = [];
  const world = aFunctionWorld({
    clock: { now: () => 0 },
    at: () => () => undefined,
    log: (record) => void logs.push(record),
  });
  const handler = answerEvents(
    world,
    { name: "OnSomething", schema, about: ({ repository }) => ({ repository }) },
    work,
  );
  const answer = await handler(given, { getRemainingTimeInMillis: () => 10_000 } as Context).catch(
    (error: unknown) => error,
  );
  return { logs, answer };
}

describe("a function that an event wakes", () => {
  it("logs what the event is about, what came of it and why, and nothing else of the input", async () => {
    const { logs } = await recordsAfter(async () => ({ outcome: "done", reasons: ["one", "two"] }));
    expect(logs).toEqual([
      {
        level: "info",
        function: "OnSomething",
        repository: "shop-api",
        outcome: "done",
        reasons: ["one", "two"],
        took: 0,
      },
    ]);
  });

  it("logs twenty reasons at most, each cut at 500 characters", async () => {
    const {
      logs: [record],
    } = await recordsAfter(async () => ({
      outcome: "done",
      reasons: Array.from({ length: 23 }, () => "x".repeat(600)),
    }));
    expect(record).toMatchObject({
      reasons: [...Array.from({ length: 20 }, () => `${"x".repeat(499)}…`), "and 3 more"],
    });
  });

  it("refuses an event that does not fit its schema, by an answer and not by an error", async () => {
    const { logs, answer } = await recordsAfter(() => Promise.reject(new Error("not called")), {
      ...event,
      repository: 7,
    });
    expect(answer).toMatchObject({ outcome: "refused" });
    expect(logs).toEqual([
      {
        level: "error",
        function: "OnSomething",
        outcome: "refused",
        reasons: [expect.stringContaining("repository") as unknown],
        took: 0,
      },
    ]);
    expect(JSON.stringify(logs)).not.toContain("a secret");
  });

  it("fails with every other error, even one about an input, so that it is retried", async () => {
    const { logs, answer } = await recordsAfter(() =>
      Promise.reject(new PromoterError("InvalidInput", "of a port")),
    );
    expect(answer).toMatchObject({ name: "InvalidInput" });
    expect(logs).toEqual([
      {
        level: "error",
        function: "OnSomething",
        repository: "shop-api",
        error: "InvalidInput",
        message: "of a port",
        details: expect.anything() as unknown,
        took: 0,
      },
    ]);
  });
});
