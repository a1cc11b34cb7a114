import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeChange, shortenPair } from "../../../../src/domain/pod-spec/describe-change.ts";

const digest = (hex: string): string => `sha256:${hex.repeat(64)}`;
const image = (from: string | undefined, to: string | undefined): object =>
  describeChange(
    { path: 'spec.containers[name="api"].image', from, to },
    { maxLength: 64, versions: new Map([[digest("c"), "1.4.2"]]) },
  );
const repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api";

describe("a changed image", () => {
  it.each([
    [
      "tag and short digest",
      `${repository}:prod-1.4.1@${digest("a")}`,
      `${repository}:prod-1.4.2@${digest("b")}`,
      "prod-1.4.1@aaaaaaaaaaaa",
      "prod-1.4.2@bbbbbbbbbbbb",
    ],
    [
      "the digest, when the tag stays",
      `${repository}:prod-1@${digest("a")}`,
      `${repository}:prod-1@${digest("b")}`,
      "prod-1@aaaaaaaaaaaa",
      "prod-1@bbbbbbbbbbbb",
    ],
    [
      "that a digest is new",
      `${repository}:dev`,
      `${repository}:prod-1@${digest("b")}`,
      "dev",
      "prod-1@bbbbbbbbbbbb",
    ],
    [
      "the version that a digest is, where it is known",
      `${repository}@${digest("a")}`,
      `${repository}@${digest("c")}`,
      "aaaaaaaaaaaa",
      "1.4.2@cccccccccccc",
    ],
    ["that there was no tag", repository, `${repository}:prod-1`, "(no tag)", "prod-1"],
    ["the repository, when it is another one", "nginx:1", "web:1", "nginx:1", "web:1"],
    [
      "all of it, when the short digests are the same",
      `web@sha256:${"a".repeat(64)}`,
      `web@sha256:${"a".repeat(63)}b`,
      `…${"a".repeat(13)}`,
      `…${"a".repeat(12)}b`,
    ],
  ])("shows %s", (_, from, to, before, after) => {
    expect(image(from, to)).toEqual({ from: before, to: after });
  });

  it("is shown whole where there was none", () => {
    expect(image(undefined, "web:1")).toEqual({ from: undefined, to: "web:1" });
  });
});

describe("two long values", () => {
  it("are cut at the end when they differ at the beginning", () => {
    expect(shortenPair({ from: "x".repeat(70), to: "short" }, 64)).toEqual({
      from: `${"x".repeat(63)}…`,
      to: "short",
    });
  });

  it("always differ visibly and never take more room", () => {
    const text = fc.string({ unit: "binary", maxLength: 150 });
    fc.assert(
      fc.property(text, text, text, (same, one, other) => {
        const values = { from: same + one, to: same + other };
        fc.pre(values.from !== values.to && values.from.isWellFormed() && values.to.isWellFormed());
        const { from = "", to = "" } = shortenPair(values, 40);
        expect(from).not.toBe(to);
        expect(Math.max(from.length, to.length)).toBeLessThanOrEqual(40);
      }),
      { numRuns: 2_000 },
    );
  });
});
