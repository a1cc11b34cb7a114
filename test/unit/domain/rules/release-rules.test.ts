import { describe, expect, it } from "vitest";
import { environmentIsSettled } from "../../../../src/domain/rules/environment-is-settled.ts";
import type { ReleaseFacts } from "../../../../src/domain/rules/facts.ts";
import { isAllowed } from "../../../../src/domain/rules/is-allowed.ts";
import { isNewerThanCurrent } from "../../../../src/domain/rules/is-newer-than-current.ts";
import { isNotOnHold } from "../../../../src/domain/rules/is-not-on-hold.ts";

const [setA, setB] = ["a".repeat(64), "b".repeat(64)];

const release: ReleaseFacts = {
  application: "orderbook",
  environment: "production",
  version: "1.4.2",
  set: setA,
  order: "semver",
  trigger: "push",
  pushedAt: 2000,
  current: undefined,
  final: undefined,
  hold: undefined,
  unsettled: undefined,
};

function running(version: string, set = setB, pushedAt = 1000): Pick<ReleaseFacts, "current"> {
  return { current: { version, set, pushedAt } };
}

describe("the order of versions", () => {
  it.each<readonly [string, Partial<ReleaseFacts>]>([
    ["the first one", {}],
    ["a newer one", running("1.4.1")],
    ["a release after its candidate", running("1.4.2-rc.1")],
    ["the same set again", running("1.4.2", setA)],
    ["a set that runs under a higher version already", running("1.5.0", setA)],
    ["one whose digests are final", { final: setA, ...running("1.4.1") }],
    ["one after a version of another order", running("build-7")],
    [
      "a hotfix below a pre-release that the environment takes no more",
      {
        version: "1.9.1",
        current: {
          version: "2.0.0-rc.1",
          set: setB,
          pushedAt: 1000,
          versionRefusal: "production takes no pre-releases",
        },
      },
    ],
    ["a later push, by push time", { order: "pushed", version: "a", ...running("z") }],
  ])("lets pass %s", (_, change) => {
    expect(isNewerThanCurrent.check({ ...release, ...change })).toMatchObject({ kind: "pass" });
  });

  it.each<readonly [string, Partial<ReleaseFacts>, RegExp]>([
    [
      "an older one",
      running("1.5.0"),
      /production runs 1\.5\.0 .*1\.4\.2 is not newer.*`promote orderbook 1\.4\.2 production --back` goes back to it if it ran here, or push the older images under a new, higher version/,
    ],
    [
      "an older one that a person asks for",
      { trigger: "person", ...running("1.5.0") },
      /not newer/,
    ],
    [
      "another set of what runs",
      running("1.4.2"),
      /1\.4\.2 with other digests \(set aaaaaaaaaaaa\); push the older images under a new/,
    ],
    [
      "a version that is equal to the order",
      { order: "number", version: "007", ...running("7") },
      /not newer/,
    ],
    [
      "an earlier push, by push time",
      { order: "pushed", pushedAt: 500, ...running("z") },
      /not newer/,
    ],
    [
      "a rebuilt version whose digests are final, naming both",
      { final: setB, ...running("1.4.1") },
      /final.*bbbbbbbbbbbb.*aaaaaaaaaaaa/,
    ],
    [
      "the same, naming the images where they are known",
      { final: setB, rebuilt: ["orderbook-ui is 222222222222, final is 111111111111"] },
      /^the digests of 1\.4\.2 are final, and these differ: orderbook-ui is 222222222222, final is 111111111111; give the rebuilt images a new version$/,
    ],
    [
      "a hotfix below a pre-release, and says how it goes on",
      { version: "1.9.1", ...running("2.0.0-rc.1") },
      /^production runs 2\.0\.0-rc\.1 \(set bbbbbbbbbbbb\), a pre-release, and 1\.9\.1 is not newer \(order semver\); to continue with 1\.9\.1, set `versions: \{ prereleases: refuse \}` for production in promoter\.yml, deploy it, and `promote orderbook 1\.9\.1 production`; or push the older images/,
    ],
    [
      "an older pre-release, without a way that would not work",
      { version: "2.0.0-rc.1", ...running("2.0.0-rc.2") },
      /is not newer \(order semver\); `promote orderbook 2\.0\.0-rc\.1 production --back` goes back to it/,
    ],
    [
      "a version that cannot be ordered",
      { version: "feature-x" },
      /not a valid semver version; use one such as 1\.4\.2/,
    ],
  ])("refuses %s", (_, change, reason) => {
    expect(isNewerThanCurrent.check({ ...release, ...change })).toEqual({
      kind: "refuse",
      reason: expect.stringMatching(reason),
    });
  });
});

describe("the versions that promoter.yml takes", () => {
  it("let pass what is wanted, and refuse what is not with the reason and what can be done", () => {
    expect(isAllowed.check(release)).toMatchObject({ kind: "pass" });
    expect(
      isAllowed.check({ ...release, versionRefusal: "production takes no pre-releases" }),
    ).toEqual({
      kind: "refuse",
      reason:
        "production takes no pre-releases; promote another version, or change `versions` of orderbook in promoter.yml and deploy it",
    });
  });
});

describe("a hold", () => {
  const hold = { by: "p-1", since: Date.UTC(2026, 10, 23), reason: "rollout stalled" };

  it("refuses what a push started, and says how it is lifted", () => {
    expect(isNotOnHold.check({ ...release, hold })).toEqual({
      kind: "refuse",
      reason: expect.stringMatching(
        /^on hold since 2026-11-23 00:00:00 UTC by p-1: rollout stalled; `resume orderbook production` lifts the hold; `promote orderbook 1\.4\.2 production` overrides it$/,
      ),
    });
  });

  it("lets a person pass, and is shown", () => {
    expect(isNotOnHold.check({ ...release, hold, trigger: "person" })).toEqual({
      kind: "pass",
      reason: expect.stringContaining("by p-1: rollout stalled"),
    });
  });

  it("is absent as a rule", () => {
    expect(isNotOnHold.check(release)).toMatchObject({ kind: "pass" });
  });
});

describe("going back", () => {
  const back = { ...release, trigger: "person", back: true } as const;

  it.each<readonly [string, Partial<ReleaseFacts>]>([
    ["to an older version", running("1.5.0")],
    ["by push time", { order: "pushed", version: "a", ...running("z", setB, 3000) }],
    ["from what the order cannot read", running("build-7")],
  ])("passes %s", (_, change) => {
    expect(isNewerThanCurrent.check({ ...back, ...change })).toEqual({
      kind: "pass",
      reason: expect.stringMatching(/^going back from .+ to /),
    });
  });

  it.each<readonly [string, Partial<ReleaseFacts>, RegExp]>([
    [
      "where nothing runs",
      {},
      /nothing to go back from; run `promote orderbook 1\.4\.2 production`/,
    ],
    ["to what runs", running("1.4.2", setA), /runs 1\.4\.2 with these digests already; `history/],
    ["to a newer version", running("1.4.1"), /1\.4\.2 is not older \(order semver\); run `promote/],
    [
      "to a later push, by push time",
      { order: "pushed", version: "a", ...running("z") },
      /not older/,
    ],
    ["to other digests than the final ones", { final: setB, ...running("1.5.0") }, /are final/],
  ])("is refused %s", (_, change, reason) => {
    expect(isNewerThanCurrent.check({ ...back, ...change })).toEqual({
      kind: "refuse",
      reason: expect.stringMatching(reason),
    });
  });

  it("keeps newer pushes away until somebody resumes, and lets a person pass", () => {
    const pin = { version: "1.4.1", by: "m-1", since: Date.UTC(2026, 10, 23), reason: "ada went" };
    expect(isNotOnHold.check({ ...release, pin })).toEqual({
      kind: "refuse",
      reason: expect.stringMatching(
        /^production stays at 1\.4\.1 since 2026-11-23 00:00:00 UTC by m-1: ada went; `resume orderbook production` lifts/,
      ),
    });
    expect(isNotOnHold.check({ ...release, pin, trigger: "person" })).toMatchObject({
      kind: "pass",
    });
  });
});

describe("an unsettled environment", () => {
  it("refuses push and person alike, naming the command", () => {
    const unsettled = { by: "p-1", reason: "the way back failed" };
    for (const trigger of ["push", "person"] as const) {
      expect(environmentIsSettled.check({ ...release, trigger, unsettled })).toEqual({
        kind: "refuse",
        reason:
          "production was left unsettled by p-1: the way back failed; check the cluster, then run `resume orderbook production --settled` or `resume orderbook production --roll-back`",
      });
    }
  });

  it("is one that was not left half done", () => {
    expect(environmentIsSettled.check(release)).toMatchObject({ kind: "pass" });
  });
});
