import { expect, it } from "vitest";
import { targetFault } from "../../../../scripts/stack/target-fault.ts";
import { manyApplications } from "./many-applications.ts";

const everywhere = manyApplications({ applications: 1, repositories: 1 });
const { laptop: _, ...clusters } = everywhere.clusters;
const configuration = { ...everywhere, clusters };
const target = { account: "111122223333", region: "eu-west-1" };

it("lets a stack go to the account and Region of the registry", () => {
  expect(targetFault(target, configuration)).toBeUndefined();
});

it.each([
  [
    { ...target, account: "444455556666" },
    configuration,
    /account 444455556666.*registry in 111122223333/,
  ],
  [
    { ...target, region: "eu-central-1" },
    configuration,
    /go to eu-central-1.*registry in eu-west-1/,
  ],
  [target, everywhere, /laptop.*name an EKS cluster/],
])("refuses %j, where it would never work", (place, read, words) => {
  expect(targetFault(place, read)).toMatch(words);
});
