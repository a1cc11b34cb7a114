import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digest } from "../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../src/domain/image/repository.ts";
import { plainMember } from "../../../src/domain/member-source.ts";
import {
  changedImages,
  completeSet,
  missingMembers,
  differencesFromFinal,
  setHash,
  wasRebuilt,
  type Member,
} from "../../../src/domain/release.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const name = (text: string): RepositoryName => text as RepositoryName;
const member = (repository: string, digit: string): Member => ({
  repository: name(repository),
  digest: `sha256:${digit.repeat(64)}` as Digest,
});
const [api, ui] = [member("shop-api", "1"), member("shop-ui", "2")];

describe("what is other than final", () => {
  it.each<
    [string, readonly Member[], Readonly<Record<string, Digest>> | undefined, readonly string[]]
  >([
    [
      "a member with another digest",
      [api, member("shop-ui", "3")],
      { "shop-api": api.digest, "shop-ui": ui.digest },
      ["shop-ui is 333333333333, final is 222222222222"],
    ],
    [
      "a member that came since",
      [api, ui],
      { "shop-api": api.digest },
      ["shop-ui is 222222222222, final is no member"],
    ],
    [
      "a member that went since",
      [api],
      { "shop-api": api.digest, "shop-ui": ui.digest },
      ["shop-ui is no member, final is 222222222222"],
    ],
    ["nothing where all is the same", [api], { "shop-api": api.digest }, []],
    ["nothing where nothing is known", [api], undefined, []],
  ])("is %s", (_, members, final, told) => {
    expect(differencesFromFinal(members, final)).toEqual(told);
  });
});

describe("the hash of a set", () => {
  it("is 64 hex digits", () => {
    expect(setHash([api, ui], hash)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not depend on the order of the members", () => {
    const members = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-z]{2,8}$/), fc.constantFrom("1", "2", "3")),
      { selector: ([repository]) => repository },
    );
    fc.assert(
      fc.property(members, (pairs) => {
        const set = pairs.map(([repository, digit]) => member(repository, digit));
        expect(setHash(set.toReversed(), hash)).toBe(setHash(set, hash));
      }),
    );
  });

  it.each([
    ["another digest", [api, member("shop-ui", "3")]],
    ["digests that changed places", [member("shop-api", "2"), member("shop-ui", "1")]],
    ["a member less", [api]],
  ])("is another one for %s", (_, members) => {
    expect(setHash(members, hash)).not.toBe(setHash([api, ui], hash));
  });

  it("is over the digests alone, not over when they were pushed", () => {
    const collected = { ...api, pushedAt: 5, events: ["e-1"] };
    expect(setHash([collected, ui], hash)).toBe(setHash([api, ui], hash));
  });
});

const source = (repository: string) =>
  plainMember(name(repository), { prefix: "dev-", suffix: "" });

describe("a set", () => {
  const repositories = [source("shop-api"), source("shop-ui")];

  it("is complete in the order of the configuration, however they arrived", () => {
    expect(completeSet(repositories, { "shop-ui": ui, "shop-api": api })).toEqual({
      kind: "complete",
      members: [api, ui],
    });
  });

  it.each(["constructor", "toString", "hasOwnProperty"])(
    "lacks a repository named %s until its image arrives",
    (odd) => {
      expect(completeSet([source(odd)], {})).toEqual({ kind: "incomplete", missing: [odd] });
      expect(completeSet([source(odd)], { [odd]: member(odd, "1") })).toEqual({
        kind: "complete",
        members: [member(odd, "1")],
      });
      expect(
        wasRebuilt({ final: undefined, members: {} }, { set: "s", members: [member(odd, "1")] }),
      ).toBe(false);
    },
  );

  it("names what is missing", () => {
    expect(completeSet(repositories, { "shop-api": api })).toEqual({
      kind: "incomplete",
      missing: ["shop-ui"],
    });
    expect(missingMembers(repositories, [])).toEqual(["shop-api", "shop-ui"]);
  });

  it("ignores members that the configuration no longer names", () => {
    expect(completeSet([source("shop-api")], { "shop-ui": ui, "shop-api": api })).toEqual({
      kind: "complete",
      members: [api],
    });
  });

  it("is what promoter.yml has, or differs from it in both directions", () => {
    expect(changedImages(repositories, [ui, api])).toEqual({ missing: [], surplus: [] });
    expect(changedImages([source("shop-api"), source("shop-worker")], [api, ui])).toEqual({
      missing: ["shop-worker"],
      surplus: ["shop-ui"],
    });
  });
});
