import { afterEach, describe, expect, it, vi } from "vitest";
import { realClock, virtualClock, type Clock, type VirtualClock } from "../../clock.ts";
import type { LambdaReply } from "../../invocation.ts";
import { createAsyncInvocations } from "../../lambda/async-invocations.ts";
import { createFunctionPool } from "../../lambda/function-pool.ts";
import type { EventInvokeSettings } from "../../lambda/sandbox.ts";

const queue = "arn:aws:sqs:eu-west-1:111122223333:dead-letters";
const arn = "arn:aws:lambda:eu-west-1:111122223333:function:on-image-push";
const failed: LambdaReply = {
  kind: "error",
  errorType: "StoreUnavailable",
  errorMessage: "no table",
  trace: ["at work"],
};
const fine: LambdaReply = { kind: "ok", payload: null };

interface Attempt {
  readonly at: number;
  readonly requestId: string | undefined;
}

/** A function that answers with `replies`, one after the other, the last one again and again. */
function queueOf(
  replies: readonly LambdaReply[],
  { clock, eventInvoke }: { readonly clock: Clock; readonly eventInvoke?: EventInvokeSettings },
) {
  const start = clock.now();
  const attempts: Attempt[] = [];
  const records: { readonly at: number; readonly record: unknown }[] = [];
  const settings = {
    name: "on-image-push",
    arn,
    roleArn: "role",
    timeout: 30,
    environment: {},
    ...(eventInvoke && { eventInvoke }),
  };
  const pool = {
    invoke: (_: unknown, requestId?: string) =>
      Promise.resolve(
        replies[
          Math.min(attempts.push({ at: clock.now() - start, requestId }), replies.length) - 1
        ] ?? fine,
      ),
  };
  const invocations = createAsyncInvocations({
    clock,
    track: (work) => work,
    send: (_, destination, record) =>
      void records.push({
        at: clock.now() - start,
        record: { destination, ...(JSON.parse(record) as object) },
      }),
  });
  invocations.accept({ settings, pool }, { id: 1 });
  return { attempts, records, invocations, times: () => attempts.map(({ at }) => at / 1_000) };
}

/** An attempt and what follows from it each start in a turn of their own. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/** Virtual time goes on, every second of it. */
async function pass(clock: VirtualClock, seconds: number): Promise<void> {
  await turn();
  for (let second = 0; second < seconds; second += 1) {
    clock.advanceTo(clock.now() + 1_000);
    await turn();
  }
}

describe("an event that was accepted", () => {
  it("is retried when its function cannot be loaded", async () => {
    const clock = virtualClock();
    let loads = 0;
    const settings = {
      name: "on-image-push",
      arn,
      roleArn: "role",
      timeout: 30,
      environment: {},
      eventInvoke: { onFailure: queue },
    };
    const records: string[] = [];
    const pool = createFunctionPool({
      settings,
      clock,
      start: () =>
        Promise.reject(
          Object.assign(new Error("Cannot find module"), {
            code: "ERR_MODULE_NOT_FOUND",
            loads: (loads += 1),
          }),
        ),
    });
    createAsyncInvocations({
      clock,
      track: (work) => work,
      send: (_, _destination, record) => void records.push(record),
    }).accept({ settings, pool }, { id: 1 });
    await pass(clock, 200);
    expect(loads).toBe(3);
    expect(records).toEqual([expect.stringContaining("Runtime.ImportModuleError")]);
  });

  it.each([
    ["reaches a function that answers once", [fine], [0]],
    ["is tried again after a minute", [failed, fine], [0, 60]],
    ["is tried a third time two minutes later", [failed, failed, fine], [0, 60, 180]],
    ["is tried three times and no more", [failed], [0, 60, 180]],
  ] as const)("%s", async (_, replies, times) => {
    const clock = virtualClock();
    const queued = queueOf(replies, { clock, eventInvoke: { onFailure: queue } });
    await pass(clock, 1_000);
    expect(queued.times()).toEqual(times);
    expect(new Set(queued.attempts.map(({ requestId }) => requestId)).size).toBe(1);
    expect(queued.records).toHaveLength(replies.at(-1) === failed ? 1 : 0);
    expect(clock.next()).toBeUndefined();
  });

  it("is kept, when every attempt failed, in the documented form", async () => {
    const clock = virtualClock();
    const { records, attempts } = queueOf([failed], { clock, eventInvoke: { onFailure: queue } });
    await pass(clock, 200);
    expect(records).toEqual([
      {
        at: 180_000,
        record: {
          destination: queue,
          version: "1.0",
          timestamp: "2026-01-05T09:03:00.000Z",
          requestContext: {
            requestId: attempts[0]?.requestId,
            functionArn: `${arn}:$LATEST`,
            condition: "RetriesExhausted",
            approximateInvokeCount: 3,
          },
          requestPayload: { id: 1 },
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            functionError: "Unhandled",
          },
          responsePayload: {
            errorType: "StoreUnavailable",
            errorMessage: "no table",
            trace: ["at work"],
          },
        },
      },
    ]);
  });

  it.each([
    [{ maximumRetryAttempts: 0 }, [0], "RetriesExhausted", 1, 0],
    [{ maximumRetryAttempts: 1 }, [0, 60], "RetriesExhausted", 2, 60],
    [{ maximumEventAgeInSeconds: 100 }, [0, 60], "EventAgeExceeded", 2, 100],
    [{ maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 }, [0, 60], "EventAgeExceeded", 2, 60],
  ] as const)(
    "follows the function's settings %o",
    async (eventInvoke, times, condition, approximateInvokeCount, after) => {
      const clock = virtualClock();
      const queued = queueOf([failed], {
        clock,
        eventInvoke: { ...eventInvoke, onFailure: queue },
      });
      await pass(clock, 400);
      expect(queued.times()).toEqual(times);
      expect(queued.records).toMatchObject([
        { record: { requestContext: { condition, approximateInvokeCount } } },
      ]);
      expect(queued.records[0]?.at).toBe(after * 1_000);
    },
  );

  it("is lost without a destination", async () => {
    const clock = virtualClock();
    const { records, attempts } = queueOf([failed], { clock });
    await pass(clock, 400);
    expect(attempts).toHaveLength(3);
    expect(records).toEqual([]);
  });

  it("is forgotten when the cloud closes", async () => {
    const clock = virtualClock();
    const { records, attempts, invocations } = queueOf([failed], {
      clock,
      eventInvoke: { onFailure: queue },
    });
    await pass(clock, 10);
    invocations.close();
    await pass(clock, 400);
    expect(attempts).toHaveLength(1);
    expect(records).toEqual([]);
    expect(clock.next()).toBeUndefined();
  });
});

describe("in real time", () => {
  afterEach(() => vi.useRealTimers());

  it("the pauses are the same", async () => {
    vi.useFakeTimers();
    const queued = queueOf([failed], { clock: realClock });
    await vi.advanceTimersByTimeAsync(400_000);
    expect(queued.times().map(Math.floor)).toEqual([0, 60, 180]);
  });
});
