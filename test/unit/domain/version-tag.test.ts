import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTagPattern, tagOf, type TagPattern } from "../../../src/domain/image/tag-pattern.ts";
import {
  canBegin,
  canEnd,
  isValidVersion,
  type VersionOrder,
} from "../../../src/domain/version-order.ts";
import { canCarryBoth, versionIn } from "../../../src/domain/version-tag.ts";

function pattern(text: string): TagPattern {
  const parsed = parseTagPattern(text);
  if (!parsed) throw new Error(`${text} is no pattern`);
  return parsed;
}

describe("a tag carries a version", () => {
  it.each<readonly [string, VersionOrder, string, string | undefined]>([
    ["{version}", "semver", "1.4.2", "1.4.2"],
    ["{version}", "semver", "prod-1.4.2", undefined],
    ["{version}", "semver", "latest", undefined],
    ["{version}", "pushed", "prod-1.4.2", "prod-1.4.2"],
    ["prod-{version}", "number", "prod-eu-7", undefined],
    ["{version}", "date", "20260105", "20260105"],
  ])("%s (%s): %s -> %s", (text, order, tag, version) => {
    expect(versionIn(pattern(text), order, tag)).toBe(version);
  });
});

describe("one tag can carry a version for two patterns", () => {
  it.each<readonly [string, string, VersionOrder, boolean]>([
    ["dev-{version}", "prod-{version}", "pushed", false],
    ["{version}-dev", "{version}-prod", "pushed", false],
    ["a-{version}-x", "a-{version}-y", "pushed", false],
    ["a-{version}", "{version}-b", "pushed", true],
    ["{version}", "prod-{version}", "pushed", true],
    ["prod-{version}", "prod-eu-{version}", "pushed", true],
    ["{version}", "prod-{version}", "semver", false],
    ["{version}", "prod-{version}", "number", false],
    ["{version}", "prod-{version}", "date", false],
    ["{version}", "{version}", "semver", true],
    ["prod-{version}", "prod-eu-{version}", "semver", false],
    ["dev-{version}", "{version}", "semver", false],
    // A leading v belongs to a version, and whatever follows a hyphen makes a pre-release.
    ["{version}", "v{version}", "semver", true],
    ["{version}", "{version}-prod", "semver", true],
    ["{version}", "1.0.0-{version}", "semver", true],
    ["{version}", "{version}_prod", "semver", false],
    ["{version}", "{version}-prod", "number", false],
    ["{version}", "v{version}", "number", false],
    ["{version}", "7{version}", "number", true],
    ["{version}", "{version}-prod", "date", false],
    ["{version}", "{version}-2", "date", true],
    ["{version}", "20260105-{version}", "date", true],
    ["{version}", "2026.{version}", "number", false],
    // The version of one lies wholly in the beginning of the other.
    ["7-{version}", "{version}-8", "number", true],
  ])("%s and %s by %s: %s", (one, other, order, both) => {
    expect(canCarryBoth(pattern(one), pattern(other), order)).toBe(both);
    expect(canCarryBoth(pattern(other), pattern(one), order)).toBe(both);
  });

  const orders = fc.constantFrom<VersionOrder>("semver", "number", "date", "pushed");
  const affix = fc.oneof(
    fc.constantFrom("", "v", "1", "1.", "1.0.0-", "-1", "-rc", "prod-", "2026", "2026.01", "-2"),
    fc.stringMatching(/^[a-z0-9._-]{0,4}$/),
  );
  const patterns = fc
    .tuple(affix, affix)
    .map(([prefix, suffix]) => parseTagPattern(`${prefix}{version}${suffix}`))
    .filter((parsed) => parsed !== undefined);

  it("whenever there is such a tag", () => {
    fc.assert(
      fc.property(
        patterns,
        patterns,
        orders.chain((order) => fc.tuple(fc.constant(order), versionsOf(order))),
        (one, other, [order, version]) => {
          const tag = tagOf(one, version);
          const both =
            tag !== undefined &&
            versionIn(one, order, tag) !== undefined &&
            versionIn(other, order, tag) !== undefined;
          expect(both && !canCarryBoth(one, other, order)).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("and every beginning and end of a version is known as one", () => {
    fc.assert(
      fc.property(
        orders.chain((order) => fc.tuple(fc.constant(order), versionsOf(order))),
        fc.nat(40),
        ([order, version], cut) => {
          expect(isValidVersion(order, version)).toBe(true);
          expect([
            canBegin(order, version.slice(0, cut)),
            canEnd(order, version.slice(cut)),
          ]).toEqual([true, true]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Drawn from the forms themselves, so that no part of a form is forgotten. */
function versionsOf(order: VersionOrder): fc.Arbitrary<string> {
  switch (order) {
    case "semver":
      return fc.stringMatching(
        /^v?(0|[1-9]\d{0,2})\.(0|[1-9]\d?)\.(0|[1-9]\d?)(-(0|[1-9]\d?|\d{0,2}[a-zA-Z-][0-9a-z-]{0,2})(\.(0|[1-9]\d?|\d{0,2}[a-zA-Z-][0-9a-z-]{0,2})){0,2})?$/,
      );
    case "number":
      return fc.stringMatching(/^\d{1,6}$/);
    case "date":
      return fc.oneof(
        fc.stringMatching(/^\d{4}[._-](0?[1-9]|1[0-2])([T._-]\d{1,3}){0,3}$/),
        fc.stringMatching(
          /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{4}(\d{2})?)?([T._-]\d{1,3}){0,2}$/,
        ),
      );
    case "pushed":
      return fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,10}$/);
    default:
      return order satisfies never;
  }
}
