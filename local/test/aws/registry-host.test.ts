import { expect, it } from "vitest";
import { isHostOf } from "../../aws/registry-host.ts";

const registry = { account: "111122223333", region: "eu-west-1" };

it.each([
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com:443",
  "111122223333.DKR.ecr.eu-west-1.amazonaws.com.",
  "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
  "111122223333.dkr-ecr.eu-west-1.on.aws",
  "111122223333.dkr-ecr-fips.eu-west-1.on.aws",
])("%s is the registry", (host) => {
  expect(isHostOf(registry, host)).toBe(true);
});

it.each([
  "444455556666.dkr.ecr.eu-west-1.amazonaws.com",
  "111122223333.dkr.ecr.eu-west-2.amazonaws.com",
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com.example.org",
  "example.org",
])("%s is another one", (host) => {
  expect(isHostOf(registry, host)).toBe(false);
});
