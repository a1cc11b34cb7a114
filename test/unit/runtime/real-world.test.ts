import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LambdaHandler } from "../../../src/runtime/lambda.ts";
import { inLambda } from "../../../src/runtime/real-world.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "promoter-task-"));
  vi.stubEnv("LAMBDA_TASK_ROOT", folder);
  vi.stubEnv("PROMOTER_CONFIGURATION", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Packages a function with this account. */
async function packaged(account: string, place = "promoter.json"): Promise<void> {
  await mkdir(join(folder, dirname(place)), { recursive: true });
  await writeFile(
    join(folder, place),
    JSON.stringify({ configuration: { registry: { account } }, podSpecs: {} }),
  );
}

const handler = (): LambdaHandler =>
  inLambda(
    ({ configurations }) =>
      async () =>
        (await configurations.read()).registry.account,
  );
const context = {} as Context;

describe("the configuration of a function in Lambda", () => {
  it("is found where the template says, below the folder where Lambda unpacked the code", async () => {
    vi.stubEnv("PROMOTER_CONFIGURATION", ".build/showStatus/promoter.json");
    await packaged("111122223333", ".build/showStatus/promoter.json");
    expect(await handler()({}, context)).toBe("111122223333");
  });

  it("lies beside the bundle by default", async () => {
    await packaged("111122223333");
    expect(await handler()({}, context)).toBe("111122223333");
  });

  it("is read once", async () => {
    const call = handler();
    await packaged("111122223333");
    expect(await call({}, context)).toBe("111122223333");
    await packaged("444455556666");
    expect(await call({}, context)).toBe("111122223333");
  });

  it("is read again with the next call when it could not be read", async () => {
    const call = handler();
    await expect(call({}, context)).rejects.toThrow("ENOENT");
    await packaged("111122223333");
    expect(await call({}, context)).toBe("111122223333");
  });
});

describe("a function in Lambda", () => {
  it("ends its process with an exit status other than success", async () => {
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    await inLambda(
      ({ exit: leave }) =>
        async () =>
          leave(),
    )({}, context);
    expect(exit).toHaveBeenCalledWith(1);
    exit.mockRestore();
  });

  it("does things at their time, unless they are called off", async () => {
    const done: string[] = [];
    await inLambda((world) => async () => {
      world.at(world.clock.now() + 20, () => void done.push("later"));
      world.at(world.clock.now() + 10, () => void done.push("called off"))();
      world.at(world.clock.now() - 10, () => void done.push("at once"));
    })({}, context);
    await vi.waitFor(() => expect(done).toEqual(["at once", "later"]));
  });
});
