import { afterEach, describe, expect, it, vi } from "vitest";
import { realClock, virtualClock, type Clock } from "../../clock.ts";
import { createFunctionPool, type FunctionPool } from "../../lambda/function-pool.ts";
import { inProcessSandbox, type Handler } from "../../lambda/in-process-sandbox.ts";
import { killed } from "../../lambda/replies.ts";

const settings = {
  name: "verify-images",
  arn: "arn:aws:lambda:eu-west-1:111122223333:function:verify-images",
  roleArn: "role",
  timeout: 30,
  environment: {},
};
const never: Handler = () => new Promise(() => undefined);

/** A pool whose sandboxes are named `key-1`, `key-2`, … */
function poolOf(
  handler: Handler,
  clock: Clock = virtualClock(),
): { readonly pool: FunctionPool; readonly started: readonly string[] } {
  const started: string[] = [];
  const pool = createFunctionPool({
    settings,
    clock,
    newKey: () => `key-${started.length + 1}`,
    start(key) {
      started.push(key);
      return Promise.resolve(inProcessSandbox({ settings, clock, handler }));
    },
  });
  return { pool, started };
}

/** Lets everything happen that needs no time. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("containers", () => {
  it("are used again by the next invocation", async () => {
    const { pool, started } = poolOf(async (event) => event);
    expect(await pool.invoke({ a: 1 })).toEqual({ kind: "ok", payload: { a: 1 } });
    await pool.invoke({});
    expect(started).toEqual(["key-1"]);
  });

  it.each([
    [
      "lacks a module",
      Object.assign(new Error("Cannot find module 'x'"), { code: "ERR_MODULE_NOT_FOUND" }),
      { errorType: "Runtime.ImportModuleError", errorMessage: "Error: Cannot find module 'x'" },
    ],
    [
      "is no JavaScript",
      new SyntaxError("Unexpected token"),
      { errorType: "Runtime.UserCodeSyntaxError", errorMessage: "SyntaxError: Unexpected token" },
    ],
    [
      "throws while it is loaded",
      new TypeError("x is no function"),
      { errorType: "TypeError", errorMessage: "x is no function" },
    ],
  ])("do not start for a function that %s, and its invocation says so", async (_, error, reply) => {
    const pool = createFunctionPool({
      settings,
      clock: virtualClock(),
      start: () => Promise.reject(error),
    });
    expect(await pool.invoke({})).toMatchObject({ kind: "error", ...reply });
    await pool.close();
  });

  it("start once the function can be loaded again", async () => {
    const clock = virtualClock();
    let broken = true;
    const start = async () => {
      if (broken) throw new SyntaxError("Unexpected token");
      return inProcessSandbox({ settings, clock, handler: async (event) => event });
    };
    const pool = createFunctionPool({ settings, clock, start });
    expect(await pool.invoke(1)).toMatchObject({ kind: "error" });
    broken = false;
    expect(await pool.invoke(2)).toEqual({ kind: "ok", payload: 2 });
  });

  it("take one invocation at a time", async () => {
    const { pool, started } = poolOf(async (event) => event);
    await Promise.all([pool.invoke(1), pool.invoke(2), pool.invoke(3)]);
    expect(started).toEqual(["key-1", "key-2", "key-3"]);
  });

  it("tell a function who it is and how much time is left", async () => {
    const clock = virtualClock();
    const { pool } = poolOf(async (_, context) => {
      clock.advanceTo(clock.now() + 10_000);
      const { functionName, invokedFunctionArn, awsRequestId } = context;
      return {
        functionName,
        invokedFunctionArn,
        awsRequestId,
        left: context.getRemainingTimeInMillis(),
      };
    }, clock);
    const { name: functionName, arn: invokedFunctionArn } = settings;
    expect(await pool.invoke({}, "id-1")).toEqual({
      kind: "ok",
      payload: { functionName, invokedFunctionArn, awsRequestId: "id-1", left: 20_000 },
    });
  });

  it("are gone when they are killed", async () => {
    const { pool, started } = poolOf(never);
    const reply = pool.invoke({}, "id-1");
    await turn();
    pool.exit("key-1", killed);
    expect(await reply).toEqual({
      kind: "error",
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: id-1 Error: Runtime exited with error: signal: killed",
    });
    expect(pool.isDead("key-1")).toBe(true);
    void pool.invoke({});
    expect(started).toEqual(["key-1", "key-2"]);
  });

  it("are all ended when the pool closes, and no more are started", async () => {
    const { pool, started } = poolOf(never);
    const replies = [pool.invoke({}), pool.invoke({})];
    await turn();
    await pool.close();
    expect(await Promise.all([...replies, pool.invoke({})])).toEqual(
      Array(3).fill(expect.objectContaining({ errorType: "Runtime.ExitError" })),
    );
    expect(started).toEqual(["key-1", "key-2"]);
  });
});

describe("the time limit", () => {
  afterEach(() => vi.useRealTimers());

  it("ends a function in virtual time, and its sandbox with it", async () => {
    const clock = virtualClock();
    const { pool, started } = poolOf(never, clock);
    const replies: unknown[] = [];
    void pool.invoke({}, "id-1").then((reply) => replies.push(reply));
    await turn();
    clock.advanceTo(clock.now() + 29_999);
    await turn();
    expect(replies).toEqual([]);
    expect(pool.isDead("key-1")).toBe(false);

    clock.advanceTo(clock.now() + 1);
    await turn();
    expect(replies).toEqual([
      {
        kind: "error",
        errorType: "Sandbox.Timedout",
        errorMessage: "RequestId: id-1 Error: Task timed out after 30.00 seconds",
      },
    ]);
    expect(pool.isDead("key-1")).toBe(true);
    void pool.invoke({});
    expect(started).toEqual(["key-1", "key-2"]);
  });

  it("lets a function exit by itself: it answers no more, and its sandbox is gone", async () => {
    const { promise: answer, resolve } = Promise.withResolvers<unknown>();
    const { pool, started } = poolOf(() => answer);
    const reply = pool.invoke({}, "id-1");
    await turn();
    pool.exit("key-1", { code: 1, signal: null });
    resolve("too late");
    expect(await reply).toEqual({
      kind: "error",
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: id-1 Error: Runtime exited with error: exit status 1",
    });
    expect(pool.isDead("key-1")).toBe(true);
    await pool.invoke({});
    expect(started).toEqual(["key-1", "key-2"]);
  });

  it("ends a function in real time", async () => {
    vi.useFakeTimers();
    const { pool } = poolOf(never, realClock);
    const replies: unknown[] = [];
    void pool.invoke({}).then((reply) => replies.push(reply));
    await vi.advanceTimersByTimeAsync(29_999);
    expect(replies).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(replies).toMatchObject([{ errorType: "Sandbox.Timedout" }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["returns", () => Promise.resolve("done")],
    ["throws", () => Promise.reject(new Error("no"))],
  ] satisfies [string, Handler][])(
    "leaves nothing on the clock once the function %s",
    async (_, handler) => {
      const clock = virtualClock();
      const { pool } = poolOf(handler, clock);
      await pool.invoke({});
      expect(clock.next()).toBeUndefined();
      clock.advanceTo(clock.now() + 60_000);
      expect(pool.isDead("key-1")).toBe(false);
    },
  );

  it("leaves nothing on the clock once the sandbox was killed", async () => {
    const clock = virtualClock();
    const { pool } = poolOf(never, clock);
    const reply = pool.invoke({});
    await turn();
    pool.exit("key-1", killed);
    await reply;
    expect(clock.next()).toBeUndefined();
  });
});
