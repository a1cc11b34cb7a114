import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { realClock } from "../../clock.ts";
import { createFunctionPool } from "../../lambda/function-pool.ts";
import type { ProcessOptions } from "../../lambda/process-sandbox.ts";
import type { Sandbox } from "../../lambda/sandbox.ts";
import { folderOf, runs, settings, startBundle } from "./start-bundle.ts";

const started = async (options: Partial<ProcessOptions> = {}): Promise<Sandbox> => {
  const sandbox = await startBundle(options);
  onTestFinished(() => sandbox.end());
  return sandbox;
};
const ask = (sandbox: Sandbox, deed: string, more: object = {}) =>
  sandbox.invoke({
    requestId: "id-1",
    payload: { do: deed, ...more },
    deadline: Date.now() + 60_000,
  });
const answerOf = async (sandbox: Sandbox, deed: string): Promise<unknown> => {
  const reply = await ask(sandbox, deed);
  return reply.kind === "ok" ? reply.payload : reply;
};
const pidOf = async (sandbox: Sandbox): Promise<number> =>
  (await answerOf(sandbox, "pid")) as number;
const exit = (how: string) => ({
  kind: "error",
  errorType: "Runtime.ExitError",
  errorMessage: `RequestId: id-1 Error: Runtime exited with error: ${how}`,
});

describe("a function in a process of its own", () => {
  it("finds in its environment what it is given, where its bundle lies, and nothing else", async () => {
    const folder = folderOf("deeds");
    const sandbox = await started({
      environment: { PROMOTER_TABLE: "t", AWS_REGION: "eu-west-1" },
    });
    expect(await answerOf(sandbox, "environment")).toEqual({
      PROMOTER_TABLE: "t",
      AWS_REGION: "eu-west-1",
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: "index.handler",
      AWS_LAMBDA_FUNCTION_NAME: "verify-images",
      TZ: "UTC",
      cwd: folder,
    });
  });

  it("is told who it is and what time it has", async () => {
    expect(await answerOf(await started(), "context")).toEqual({
      functionName: "verify-images",
      invokedFunctionArn: settings.arn,
      awsRequestId: "id-1",
      hasTime: true,
    });
  });

  it("answers one invocation after the other, what it returned or threw", async () => {
    const sandbox = await started();
    expect(await ask(sandbox, "nothing")).toEqual({ kind: "ok", payload: null });
    expect(await ask(sandbox, "throw")).toMatchObject({
      kind: "error",
      errorType: "TagConflict",
      errorMessage: "no",
      trace: expect.any(Array) as unknown,
    });
    expect(await pidOf(sandbox)).toBe(await pidOf(sandbox));
    expect(await pidOf(sandbox)).not.toBe(process.pid);
  });

  it("logs records and lines", async () => {
    const records: unknown[] = [];
    const sandbox = await started({ log: (record) => void records.push(record) });
    await ask(sandbox, "log");
    await vi.waitFor(() => expect(records).toHaveLength(3));
    expect(records).toEqual(
      expect.arrayContaining([
        { level: "info", outcome: "told" },
        { level: "info", function: "verify-images", message: "plain" },
        { level: "error", function: "verify-images", message: "bad" },
      ]),
    );
  });
});

describe("a process that ends", () => {
  it("by itself is answered with its exit status", async () => {
    const sandbox = await started();
    expect(await ask(sandbox, "exit", { code: 3 })).toEqual(exit("exit status 3"));
    expect(sandbox.isAlive()).toBe(false);
  });

  it("by a signal from outside is answered with that", async () => {
    const sandbox = await started();
    const pid = await pidOf(sandbox);
    const reply = ask(sandbox, "hang");
    process.kill(pid, "SIGKILL");
    expect(await reply).toEqual(exit("signal: killed"));
  });

  it("because its bundle cannot be loaded is answered like any other", async () => {
    const records: unknown[] = [];
    const sandbox = await started({
      folder: folderOf("broken"),
      log: (record) => void records.push(record),
    });
    expect(await ask(sandbox, "pid")).toEqual(exit("exit status 1"));
    expect(JSON.stringify(records)).toContain("not built");
  });

  it("because its bundle takes too long to load is answered like any other", async () => {
    const sandbox = await started({ folder: folderOf("slow"), init: 1 });
    expect(await ask(sandbox, "pid")).toEqual(exit("signal: killed"));
  });

  it("because it was idle for a while is not used again", async () => {
    const sandbox = await started({ idle: 20 });
    const pid = await pidOf(sandbox).catch(() => 0);
    await vi.waitFor(async () => expect(await runs(pid)).toBe(false));
    expect(sandbox.isAlive()).toBe(false);
  });

  it("because it was ended no longer runs", async () => {
    const sandbox = await started();
    const pid = await pidOf(sandbox);
    await sandbox.end();
    expect(await runs(pid)).toBe(false);
  });
});

describe("Ctrl-C and worse", () => {
  it("is left to the cloud, which knows what is under way", async () => {
    const sandbox = await started();
    const pid = await pidOf(sandbox);
    process.kill(pid, "SIGINT");
    expect(await pidOf(sandbox)).toBe(pid);
  });

  it("leaves no process behind when the cloud's own process is killed", async () => {
    const cloud = spawn(
      process.execPath,
      [fileURLToPath(new URL("./hold-sandbox.ts", import.meta.url))],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [text] = (await once(cloud.stdout, "data")) as [Buffer];
    const pid = Number(text.toString());
    expect(await runs(pid)).toBe(true);
    cloud.kill("SIGKILL");
    await vi.waitFor(async () => expect(await runs(pid)).toBe(false), { timeout: 10_000 });
  });
});

it("a function that never yields is killed at its time limit, and the next invocation gets a process of its own", async () => {
  const sandboxes: Sandbox[] = [];
  const pool = createFunctionPool({
    settings,
    clock: realClock,
    start: async () => {
      const sandbox = await started();
      sandboxes.push(sandbox);
      return sandbox;
    },
  });
  const first = await pool.invoke({ do: "pid" });
  expect(await pool.invoke({ do: "spin" }, "id-1")).toEqual({
    kind: "error",
    errorType: "Sandbox.Timedout",
    errorMessage: "RequestId: id-1 Error: Task timed out after 1.00 seconds",
  });
  const second = await pool.invoke({ do: "pid" });
  expect(second).not.toEqual(first);
  expect(sandboxes.map((sandbox) => sandbox.isAlive())).toEqual([false, true]);
  await vi.waitFor(async () =>
    expect(await runs(first.kind === "ok" ? Number(first.payload) : 0)).toBe(false),
  );
});
