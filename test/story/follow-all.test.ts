import { expect, onTestFinished, test, vi } from "vitest";
import { localConnection } from "../../cli/connection.ts";
import { followAll, type Follower } from "../../cli/show/follow-all.ts";
import { skippedPushes } from "../../cli/show/skipped-pushes.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

test("a killed function that only reads ends nothing: looks are made again, and the promotion stays followed and is approved", async () => {
  const world = await startWorld();
  const { follower, lines } = watching(world);
  let killed = killNext(world, "show-status", 2);
  await world.push("orderbook-api", "1.4.2");
  await vi.waitUntil(
    () => lines.includes("wait  orderbook 1.4.2 is incomplete: orderbook-ui is missing"),
    patient,
  );
  expect(killed()).toBe(2);
  killed = killNext(world, "show-promotion", 3);
  await world.push("orderbook-ui", "1.4.2");
  await vi.waitUntil(() => killed() === 3, patient);
  killed = killNext(world, "on-slack-action", 1);
  const [promotion = ""] = world.promotions();
  await world.asked(promotion);
  await vi.waitUntil(
    async () => (await world.show(promotion)).approval?.votes.length === 1,
    patient,
  );
  expect(killed()).toBe(1);
  expect(await world.ending(promotion)).toBe("Promoted");
  expect(await follower.all([release])).toEqual({
    endings: [{ ...release, ending: "Promoted" }],
    lost: [],
    open: [],
  });
  expect(lines.filter((line) => /a poll failed/.test(line))).toEqual([
    expect.stringMatching(/^ {2}status: a poll failed and is retried: [^\n]*Runtime\.ExitError: /),
    expect.stringMatching(
      new RegExp(`^ {2}${promotion}: a poll failed and is retried: [^\\n]*Runtime\\.ExitError: `),
    ),
  ]);
  expect(lines.join("\n")).toMatch(
    /U012AB3CD could not press Approve: [^\n]*502[^]*U012AB3CD pressed Approve \(--yes\)[^]*Promoted {2}orderbook 1\.4\.2/,
  );
});

test("a promotion that can no longer be polled is given up in the end, counted and reported", async () => {
  const world = await startWorld();
  const { follower, lines } = watching(world);
  killNext(world, "show-promotion", Infinity);
  const promotion = await world.pushRelease("1.4.2");
  expect(await follower.all([release])).toEqual({ endings: [], lost: [promotion], open: [] });
  expect(lines.join("\n")).toMatch(
    new RegExp(
      `${promotion} is no longer followed: gave up after 4 attempts; last error: [^\\n]*Runtime\\.ExitError`,
    ),
  );
});

test("an execution that ended without leaving a promotion is given up too; while it runs its record may still come", async () => {
  const world = await startWorld();
  const { lines } = watching(world);
  world.cloud.calls.setFaults(({ functionName }) =>
    functionName?.includes("-show-") ? undefined : "fails-before",
  );
  const promotion = await world.start({
    application: "orderbook",
    environment: "production",
    version: "1.4.2",
  });
  const looks = (): number =>
    world.cloud.calls.calls.filter(({ functionName }) => functionName?.endsWith("show-promotion"))
      .length;
  await vi.waitUntil(() => looks() > 6, patient);
  expect(lines).toEqual([]);
  const [arn = ""] = world.cloud.stepFunctions.executions.arns;
  await world.until(
    () => world.cloud.stepFunctions.executions.history(arn).at(-1)?.type === "ExecutionFailed",
  );
  const gone = new RegExp(
    `${promotion} is no longer followed: gave up after 4 attempts; last error: there is no promotion`,
  );
  await vi.waitUntil(() => lines.some((line) => gone.test(line)), patient);
});

test("a plan, and the same version started by hand, are shown; what ends the wait is the promotion that the push started", async () => {
  const world = await startWorld();
  const { follower, lines } = watching(world);
  const all = follower.all([release]);
  const over = vi.fn<() => void>();
  void all.finally(over);
  expect(await world.ending(await world.start({ ...release, mode: "plan" }, "plan-1"))).toBe(
    "Refused",
  );
  expect(await world.ending(await world.start(release, "m-1"))).toBe("Refused");
  await vi.waitUntil(
    () => lines.filter((line) => line.includes("Refused  orderbook 1.4.2")).length === 2,
    patient,
  );
  expect(over).not.toHaveBeenCalled();
  expect(await world.ending(await world.pushRelease("1.4.2"))).toBe("Promoted");
  expect(await all).toMatchObject({ endings: [{ ...release, ending: "Promoted" }], open: [] });
});

const release = { application: "orderbook", environment: "production", version: "1.4.2" };
const patient = { timeout: 30_000 };

/** The next so many calls of the function each end its process. */
function killNext({ cloud }: StoryWorld, name: string, times: number): () => number {
  let killed = 0;
  cloud.calls.setFaults(({ functionName }) => {
    if (functionName !== `promoter-dev-${name}` || killed === times) return undefined;
    killed += 1;
    return "dies-after";
  });
  return () => killed;
}

/** The follower looks in real time while virtual time goes on. */
function watching({ cloud }: StoryWorld): {
  readonly follower: Follower;
  readonly lines: readonly string[];
} {
  const lines: string[] = [];
  const stop = new AbortController();
  const add = (text = ""): void => void lines.push(text);
  const state = {
    origin: cloud.origin,
    pid: process.pid,
    region: "eu-west-1",
    account: "111122223333",
    stateMachineArn: cloud.stack.stateMachines[0]?.arn ?? "",
    stage: "dev",
    real: [],
  };
  const follower = followAll(
    {
      cloud,
      connection: localConnection(state),
      answers: "by itself",
      verbose: false,
      skipped: skippedPushes([]),
      signal: stop.signal,
      patience: { tries: 4, pause: 5 },
    },
    { line: add, error: add, style: (_, text) => text, interactive: false },
  );
  onTestFinished(async () => {
    stop.abort();
    await follower.untilStopped();
  });
  return { follower, lines };
}
