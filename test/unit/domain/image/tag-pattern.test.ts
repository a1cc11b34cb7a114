import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTagPattern, parseTagPattern, patternsOverlap, tagOf, versionOf, type TagPattern } from "../../../../src/domain/image/tag-pattern.ts";

function pattern(text: string): TagPattern {
  const parsed = parseTagPattern(text);
  if (!parsed) throw new Error(`${text} is no pattern`);
  return parsed;
}

const affix = fc.stringMatching(/^[a-z0-9._-]{0,6}$/);
const patterns = fc.tuple(affix, affix).map(([prefix, suffix]) => `${prefix}{version}${suffix}`).filter((text) => parseTagPattern(text) !== undefined);
const versions = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/);

describe("a tag pattern", () => {
  it.each(["", "dev", "{version}-{version}", "dev {version}", "-{version}", ".{version}", `${"x".repeat(128)}{version}`, "{Version}"])("is not %j", (text) => {
    expect(parseTagPattern(text)).toBeUndefined();
  });

  it.each([
    ["dev-{version}", "dev-1.4.2", "1.4.2"], ["{version}", "1.4.2", "1.4.2"], ["{version}-rc", "7-rc", "7"], ["a{version}a", "aba", "b"],
    ["dev-{version}", "dev-", undefined], ["dev-{version}", "prod-1", undefined], ["a{version}a", "aa", undefined], ["dev-{version}", "dev--1", undefined], ["dev-{version}", "dev-1 2", undefined],
  ])("%s finds in %s the version %s", (text, tag, version) => {
    expect(versionOf(pattern(text), tag)).toBe(version);
  });

  it("finds every version again that it wrote", () => {
    fc.assert(fc.property(patterns, versions, (text, version) => {
      const tag = tagOf(pattern(text), version);
      expect(tag && versionOf(pattern(text), tag)).toBe(tag && version);
      expect(formatTagPattern(pattern(text))).toBe(text);
    }));
  });

  it("writes only what it finds again", () => {
    fc.assert(fc.property(patterns, versions, (text, tag) => {
      const version = versionOf(pattern(text), tag);
      expect(version && tagOf(pattern(text), version)).toBe(version && tag);
    }));
  });
});

describe("two patterns", () => {
  it.each([
    ["dev-{version}", "prod-{version}", false], ["prod-{version}", "prod-eu-{version}", true], ["{version}", "prod-{version}", true], ["{version}-dev", "{version}-prod", false],
    ["a-{version}-x", "a-{version}-y", false], ["a-{version}", "{version}-b", true],
  ])("%s and %s overlap: %s", (one, other, overlap) => {
    expect(patternsOverlap(pattern(one), pattern(other))).toBe(overlap);
    expect(patternsOverlap(pattern(other), pattern(one))).toBe(overlap);
  });

  it("overlap whenever one tag fits both", () => {
    fc.assert(fc.property(patterns, patterns, versions, (one, other, tag) => {
      const both = versionOf(pattern(one), tag) !== undefined && versionOf(pattern(other), tag) !== undefined;
      expect(both && !patternsOverlap(pattern(one), pattern(other))).toBe(false);
    }));
  });
});
