import { describe, expect, it } from "vitest";
import { parseDigest, shortDigest } from "../../../../src/domain/image/digest.ts";
import { isWritable, type Mutability } from "../../../../src/domain/image/mutability.ts";
import { parseRepositoryName } from "../../../../src/domain/image/repository.ts";
import { parseTag } from "../../../../src/domain/image/tag.ts";

const hex = "0123456789abcdef".repeat(4);

describe("a digest", () => {
  it.each([
    hex,
    `sha256:${hex.toUpperCase()}`,
    `sha256:${hex}0`,
    `sha256:${hex.slice(1)}`,
    `sha512:${hex}`,
    "",
    ` sha256:${hex}`,
    `sha256:${hex}\n`,
  ])("is not %j", (text) => {
    expect(parseDigest(text)).toBeUndefined();
  });

  it("is shortened to its first 12 digits", () => {
    const digest = parseDigest(`sha256:${hex}`);
    expect(digest && shortDigest(digest)).toBe("0123456789ab");
  });
});

// Pattern of repositoryName, Amazon ECR API reference, PutImage: 2 to 256 characters.
describe("a repository", () => {
  it.each(["orderbook-api", "team/web", "a.b_c__d-e--f/g", "a1", "x".repeat(256)])(
    "is %s",
    (name) => {
      expect(parseRepositoryName(name)).toBe(name);
    },
  );

  it.each([
    "a",
    "",
    "Web",
    "team/",
    "/team",
    "team//web",
    "a..b",
    "a___b",
    "-a",
    "a-",
    "x".repeat(257),
    "a b",
    "host:5000/web",
  ])("is not %j", (name) => {
    expect(parseRepositoryName(name)).toBeUndefined();
  });
});

// OCI distribution spec, "Pulling manifests".
describe("a tag", () => {
  it.each(["prod", "1.4.2", "_x", "A-b.c_d", "x".repeat(128)])("is %s", (tag) => {
    expect(parseTag(tag)).toBe(tag);
  });

  it.each(["", ".x", "-x", "a b", "a/b", "a:b", "ä", "x".repeat(129)])("is not %j", (tag) => {
    expect(parseTag(tag)).toBeUndefined();
  });
});

// ECR user guide, "Preventing image tags from being overwritten": the exclusion filters are treated the other way round.
describe("a tag that exists may be moved", () => {
  it.each<readonly [Mutability["mode"], readonly string[], string, boolean]>([
    ["MUTABLE", [], "prod", true],
    ["IMMUTABLE", [], "prod", false],
    ["IMMUTABLE_WITH_EXCLUSION", ["prod"], "prod", true],
    ["IMMUTABLE_WITH_EXCLUSION", ["prod"], "prod-1", false],
    ["IMMUTABLE_WITH_EXCLUSION", ["prod*"], "prod-1", true],
    ["MUTABLE_WITH_EXCLUSION", ["*-1.*"], "prod-1.2", false],
    ["MUTABLE_WITH_EXCLUSION", ["*-1.*"], "prod-1x2", true],
    ["MUTABLE_WITH_EXCLUSION", ["dev", "prod"], "prod", false],
  ])("%s %j: %s %s", (mode, exclusions, text, writable) => {
    const tag = parseTag(text);
    expect(tag && isWritable({ mode, exclusions }, tag)).toBe(writable);
  });
});
