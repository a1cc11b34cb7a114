import { describe, expect, it } from "vitest";
import {
  everyVersion,
  lowestVersion,
  parseVersionGlob,
  parseVersionRange,
  policyRefusal,
  type VersionPolicy,
} from "../../../src/domain/version-policy.ts";

const takes = (policy: Partial<VersionPolicy>, version: string): boolean =>
  policyRefusal({ ...everyVersion, ...policy }, version, "production") === undefined;

describe("a policy for versions", () => {
  it.each<readonly [Partial<VersionPolicy>, readonly string[], readonly string[]]>([
    [{}, ["1.4.2", "2.0.0-rc.1", "157", "latest"], []],
    [{ prereleases: "refuse" }, ["1.4.2", "v1.4.2"], ["2.0.0-rc.1", "v2.0.0-rc.1", "1.0.0-0"]],
    [
      { only: ">=1.0.0 <2.0.0" },
      ["1.0.0", "v1.4.2", "1.99.0"],
      ["0.9.9", "2.0.0", "2.0.0-rc.1", "1.5.0-rc.1", "1.0.0-rc.1", "latest"],
    ],
    // node-semver's README, "Prerelease Tags": in the range only if it names a pre-release of the same version.
    [{ only: ">1.2.3-alpha.3" }, ["1.2.3-alpha.7", "3.4.5"], ["3.4.5-alpha.9", "1.2.3-alpha.2"]],
    [
      { only: ">=1.0.0 <2.0.0", prereleases: "allow" },
      ["1.5.0-rc.1", "1.4.2"],
      ["2.0.0-rc.1", "1.0.0-rc.1", "2.1.0-rc.1", "2.0.0"],
    ],
    [
      { only: "1.x || 3.x", prereleases: "allow" },
      ["1.0.0-rc.1", "3.1.0-rc.1"],
      ["2.0.0-rc.1", "4.0.0-rc.1"],
    ],
    [{ only: ">=2.0.0-rc.1 <2.0.0", prereleases: "refuse" }, [], ["2.0.0-rc.2", "2.0.0"]],
    [
      { ignore: ["latest", "*-debug"] },
      ["1.4.2", "1.4.2-debug.1", "latest-1"],
      ["latest", "1.4.2-debug", "-debug"],
    ],
    [{ ignore: ["1.4.*"] }, ["1x4x2", "1.40"], ["1.4.2", "1.4."]],
    [{ ignore: ["*"] }, [], ["1.4.2"]],
  ])("%j", (policy, taken, refused) => {
    expect(taken.filter((version) => !takes(policy, version))).toEqual([]);
    expect(refused.filter((version) => takes(policy, version))).toEqual([]);
  });

  it.each<readonly [Partial<VersionPolicy>, string, string]>([
    [
      { prereleases: "refuse" },
      "2.0.0-rc.1",
      "production accepts no pre-releases, and 2.0.0-rc.1 is one (versions.prereleases)",
    ],
    [
      { only: "<2.0.0" },
      "2.0.0",
      'production accepts only "<2.0.0", and 2.0.0 is outside (versions.only)',
    ],
    [
      { only: "<2.0.0" },
      "1.5.0-rc.1",
      'production accepts only "<2.0.0", and a pre-release such as 1.5.0-rc.1 is in a range only if the range names one of 1.5.0; `prereleases: allow` includes them (versions.only)',
    ],
    [
      { only: ">=1.0.0" },
      "1.0.0-rc.1",
      'production accepts only ">=1.0.0", and 1.0.0-rc.1 is outside (versions.only)',
    ],
    [
      { ignore: ["*-debug"] },
      "1.4.2-debug",
      'production ignores 1.4.2-debug: it matches "*-debug" in versions.ignore',
    ],
  ])("%j says why it refuses %s", (policy, version, reason) => {
    expect(policyRefusal({ ...everyVersion, ...policy }, version, "production")).toBe(reason);
  });
});

describe("a range", () => {
  it.each([">=1.0.0 <2.0.0", "^1.4.0", "~1.4", "1.x || >=2.5.0 || 5.0.0 - 7.2.3", "*", "=1.4.2"])(
    "is %s",
    (text) => {
      expect(parseVersionRange(text)).toBe(text);
    },
  );

  it.each(["", "  ", "one", ">=1.0.0 and <2.0.0", "<1.0.0 >2.0.0", "<0.0.0-0"])(
    "is not %j",
    (text) => {
      expect(parseVersionRange(text)).toBeUndefined();
    },
  );

  it("has a lowest version", () => {
    expect([lowestVersion("^2.3.0"), lowestVersion(">1.0.0"), lowestVersion("<1.0.0")]).toEqual([
      "2.3.0",
      "1.0.1",
      "0.0.0",
    ]);
  });
});

it.each([
  ["latest", true],
  ["*-debug", true],
  ["1.4.*", true],
  ["", false],
  ["*", false],
  ["**", false],
  ["feature/*", false],
  ["a b", false],
  ["[ab]", false],
])("%j is a version to ignore: %s", (text, isOne) => {
  expect(parseVersionGlob(text) === text).toBe(isOne);
});
