import type { FaultyAnswer } from "@promoter/local-cloud/internal/faults/invocation-faults.ts";
import { expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const inject = async (
  world: StoryWorld,
  name: string,
  ...answers: readonly (readonly [FaultyAnswer, number])[]
): Promise<void> => {
  for (const [as, times] of answers) {
    const body = JSON.stringify({ kind: "answer", function: name, as, times });
    expect(
      (await fetch(`${world.cloud.origin}/_local/faults`, { method: "POST", body })).status,
    ).toBe(200);
  }
};

/** Names of the failures in the history of the newest execution. */
const failures = (world: StoryWorld): readonly unknown[] => {
  const arn = world.cloud.stepFunctions.executions.arns.at(-1) ?? "";
  return world.cloud.stepFunctions.executions
    .history(arn)
    .flatMap(({ details: { taskFailedEventDetails: failed, taskTimedOutEventDetails: late } }) =>
      (failed ?? late) ? [failed?.error ?? late?.error] : [],
    );
};

test("a release that is being rolled out survives whatever may become of an invocation, once each", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  await inject(
    world,
    "check-rollout",
    ["out-of-memory", 1],
    ["conflict", 1],
    ["not-ready", 1],
    ["nameless", 1],
    ["lost", 1],
  );
  await inject(world, "retag-images", ["lost", 1], ["out-of-memory", 1]);
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  expect(failures(world)).toEqual([
    "States.Timeout",
    "Runtime.OutOfMemory",
    "Runtime.OutOfMemory",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    undefined,
    "States.Timeout",
  ]);
});

test("a result that is too large is not asked for again, and takes the release back", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  await inject(world, "check-rollout", ["too-large", 1]);
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("RolledBack");
  expect(failures(world)).toEqual(["States.DataLimitExceeded"]);
  expect(await world.reasons()).toContain(
    "CheckRollout: States.DataLimitExceeded: The state/task 'lambda' returned a result",
  );
});

test("a wait that keeps failing without error and cause ends with a reason, and the next release is not kept waiting", async () => {
  const world = await startWorld();
  await inject(world, "await-vote", ["nameless", 50]);
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Failed");
  expect(await world.reasons()).toContain("AwaitVote: States.TaskFailed: no cause was given");
  expect((await world.status()).environments[0]?.lock.owner).toBeUndefined();
});

test.each([
  [{ function: "check", as: "lost" }, 'there is no function "check"; there are '],
  [{ function: "check-rollout", as: "explode" }, "at as"],
])("%o is answered with what there is", async (fault, answer) => {
  const world = await startWorld();
  const response = await fetch(`${world.cloud.origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "answer", ...fault }),
  });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(answer)]);
});
