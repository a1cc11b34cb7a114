import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LambdaHandler } from "../../../src/runtime/lambda.ts";
import { inLambda } from "../../../src/runtime/real-world.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "promoter-"));
  vi.stubEnv("PROMOTER_CONFIGURATION", join(folder, "promoter.json"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const packaged = (account: string): Promise<void> => writeFile(join(folder, "promoter.json"), JSON.stringify({ configuration: { registry: { account } }, podSpecs: {} }));
const handler = (): LambdaHandler => inLambda(({ configurations }) => async () => (await configurations.read()).registry.account);
const context = {} as Context;

it("a container reads its configuration once", async () => {
  const call = handler();
  await packaged("111122223333");
  expect(await call({}, context)).toBe("111122223333");
  await packaged("444455556666");
  expect(await call({}, context)).toBe("111122223333");
});

it("a container whose configuration could not be read tries again with the next call", async () => {
  const call = handler();
  await expect(call({}, context)).rejects.toThrow("ENOENT");
  await packaged("111122223333");
  expect(await call({}, context)).toBe("111122223333");
});
