import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatTagPattern,
  parseTagPattern,
  tagOf,
  versionOf,
  type TagPattern,
} from "../../../../src/domain/image/tag-pattern.ts";

function pattern(text: string): TagPattern {
  const parsed = parseTagPattern(text);
  if (!parsed) throw new Error(`${text} is no pattern`);
  return parsed;
}

const affix = fc.stringMatching(/^[a-z0-9._-]{0,6}$/);
const patterns = fc
  .tuple(affix, affix)
  .map(([prefix, suffix]) => `${prefix}{version}${suffix}`)
  .filter((text) => parseTagPattern(text) !== undefined);
const versions = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/);

describe("a tag pattern", () => {
  it.each([
    "",
    "dev",
    "{version}-{version}",
    "dev {version}",
    "-{version}",
    ".{version}",
    `${"x".repeat(128)}{version}`,
    "{Version}",
  ])("is not %j", (text) => {
    expect(parseTagPattern(text)).toBeUndefined();
  });

  it.each([
    ["dev-{version}", "dev-1.4.2", "1.4.2"],
    ["{version}", "1.4.2", "1.4.2"],
    ["{version}-rc", "7-rc", "7"],
    ["a{version}a", "aba", "b"],
    ["dev-{version}", "dev-", undefined],
    ["dev-{version}", "prod-1", undefined],
    ["a{version}a", "aa", undefined],
    ["dev-{version}", "dev--1", undefined],
    ["dev-{version}", "dev-1 2", undefined],
  ])("%s finds in %s the version %s", (text, tag, version) => {
    expect(versionOf(pattern(text), tag)).toBe(version);
  });

  it("finds every version again that it wrote", () => {
    fc.assert(
      fc.property(patterns, versions, (text, version) => {
        const tag = tagOf(pattern(text), version);
        expect(tag && versionOf(pattern(text), tag)).toBe(tag && version);
        expect(formatTagPattern(pattern(text))).toBe(text);
      }),
    );
  });

  it("writes only what it finds again", () => {
    fc.assert(
      fc.property(patterns, versions, (text, tag) => {
        const version = versionOf(pattern(text), tag);
        expect(version && tagOf(pattern(text), version)).toBe(version && tag);
      }),
    );
  });
});
