import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareVersions,
  isValidVersion,
  type VersionOrder,
} from "../../../src/domain/version-order.ts";

/** Each line ascending. The first is the example of item 11 of SemVer 2.0.0. */
const ascending: readonly (readonly [VersionOrder, readonly string[]])[] = [
  [
    "semver",
    [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "2.0.0",
      "2.1.0",
      "2.1.1",
    ],
  ],
  [
    "semver",
    ["1.9.0", "1.10.0", "1.11.0", "1.11.99999999999999999999", "1.11.100000000000000000000"],
  ],
  ["semver", ["0.0.1--", "0.0.1-0A", "0.0.1-Z", "0.0.1-a", "0.0.1"]],
  ["number", ["0", "7", "10", "099", "0100", "9007199254740993", "9007199254740994"]],
  [
    "date",
    ["2025.12.31", "2026.01.05", "2026.1.6", "2026.01.06.1", "2026.01.10", "2026.2.1", "2027.1"],
  ],
  [
    "date",
    [
      "20251231",
      "20260105",
      "20260105-1",
      "20260105-2",
      "20260105-10",
      "20260106",
      "20260106T0900",
      "20260106T1200",
    ],
  ],
  ["date", ["20260105115959", "20260105120000", "20260106000000"]],
  ["date", ["2026-01-05", "20260106", "2026_01_07"]],
];

describe.each(ascending)("order %s", (order, versions) => {
  it.each(versions.slice(1).map((version, index) => [versions[index] ?? "", version] as const))(
    "%s is older than %s",
    (older, newer) => {
      expect(compareVersions(order, older, newer)).toBe(-1);
      expect(compareVersions(order, newer, older)).toBe(1);
    },
  );

  it("keeps the order between any two", () => {
    const shuffled = versions
      .toReversed()
      .toSorted((one, other) => compareVersions(order, one, other));
    expect(shuffled).toEqual(versions);
  });
});

describe("versions that are the same to the order", () => {
  it.each<readonly [VersionOrder, string, string]>([
    ["semver", "1.0.0+20130313144700", "1.0.0+exp.sha.5114f85"],
    ["semver", "v1.4.2", "1.4.2"],
    ["number", "007", "7"],
    ["date", "2026.01.05", "2026-1-5"],
    ["pushed", "b", "a"],
  ])("%s: %s and %s", (order, one, other) => {
    expect(compareVersions(order, one, other)).toBe(0);
  });
});

describe("a version that the order cannot read", () => {
  // The regular expression's test list on semver.org (regex101.com/r/vkijKf), a selection of its invalid ones.
  it.each([
    "1",
    "1.2",
    "1.2.3-0123",
    "1.2.3-0123.0123",
    "1.1.2+.123",
    "+invalid",
    "-invalid",
    "alpha",
    "alpha..1",
    "1.0.0-alpha_beta",
    "01.1.1",
    "1.01.1",
    "1.1.01",
    "1.2.3.DEV",
    "1.2-SNAPSHOT",
    "1.0.0-alpha..1",
    "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788",
  ])("semver has no %s", (version) => {
    expect(isValidVersion("semver", version)).toBe(false);
  });

  it.each([
    "0.0.4",
    "1.1.2-prerelease+meta",
    "1.0.0-alpha0.valid",
    "1.0.0-rc.1+build.123",
    "2.0.0+build.1848",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12",
    "1.0.0-0A.is.legal",
    "99999999999999999999999.999999999999999999.99999999999999999",
  ])("semver has %s", (version) => {
    expect(isValidVersion("semver", version)).toBe(true);
  });

  it.each<readonly [VersionOrder, string]>([
    ["number", "1.2"],
    ["number", ""],
    ["number", "1e3"],
    ["date", "26.01.05"],
    ["date", "2026"],
    ["date", "20261301"],
    ["date", "20260132"],
    ["date", "2026.13"],
    ["date", "latest"],
  ])("%s has no %s", (order, version) => {
    expect(isValidVersion(order, version)).toBe(false);
  });

  it("is older than every one that the order can", () => {
    expect(compareVersions("semver", "157", "0.0.1-alpha")).toBe(-1);
    expect(compareVersions("number", "0", "1.4.2")).toBe(1);
    expect(compareVersions("number", "b", "a")).toBe(0);
  });
});

describe("any three semantic versions", () => {
  const identifier = fc.oneof(
    fc.nat(20).map(String),
    fc.constantFrom("alpha", "beta", "rc", "a-b", "0a"),
  );
  const version = fc
    .tuple(fc.nat(3), fc.nat(3), fc.nat(12), fc.array(identifier, { maxLength: 3 }))
    .map(
      ([major, minor, patch, pre]) =>
        `${major}.${minor}.${patch}${pre.length > 0 ? `-${pre.join(".")}` : ""}`,
    );

  it("are ordered without contradiction", () => {
    fc.assert(
      fc.property(version, version, version, (one, two, three) => {
        expect(isValidVersion("semver", one)).toBe(true);
        expect(compareVersions("semver", one, two) + compareVersions("semver", two, one)).toBe(0);
        expect(compareVersions("semver", one, two) === 0).toBe(one === two);
        const [low = "", middle = "", high = ""] = [one, two, three].toSorted((a, b) =>
          compareVersions("semver", a, b),
        );
        expect(
          [
            compareVersions("semver", low, middle),
            compareVersions("semver", middle, high),
            compareVersions("semver", low, high),
          ].every((compared) => compared <= 0),
        ).toBe(true);
      }),
    );
  });
});
