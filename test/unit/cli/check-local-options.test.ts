import { join } from "node:path";
import { expect, it } from "vitest";
import { checkLocalOptions } from "../../../cli/check-local-options.ts";

const root = join(import.meta.dirname, "../../fixtures/config/faulty");
const state = {
  origin: "http://127.0.0.1:9",
  pid: 1,
  account: "111122223333",
  region: "eu-west-1",
  stateMachineArn: "arn",
  stage: "dev",
  real: [],
};

it.each([
  { config: undefined, stage: undefined },
  { config: "promoter.yml", stage: "dev" },
])("%o fits", async (typed) => {
  await expect(checkLocalOptions(root, typed, state)).resolves.toBeUndefined();
});

it.each([
  [{ config: "nope.yml", stage: undefined }, /^nope\.yml: /],
  [{ config: undefined, stage: "prod" }, 'the local cloud has the stage "dev", not "prod"'],
])("%o does not, and is told so", async (typed, message) => {
  const fitting = checkLocalOptions(root, typed, state);
  await expect(fitting).rejects.toMatchObject({ name: "CommandError", exitCode: 2 });
  await expect(fitting).rejects.toThrow(message);
});
