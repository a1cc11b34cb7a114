import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDigest, type Digest } from "../../src/domain/image/digest.ts";
import { parseRepositoryName, type RepositoryName } from "../../src/domain/image/repository.ts";
import type { CollectedPush, Releases } from "../../src/ports/releases.ts";

export interface ReleasesWorld {
  readonly releases: Releases;
  close(): Promise<void>;
}

const key = { application: "orderbook", version: "1.4.2" };
const api = parseRepositoryName("shop/orderbook-api") as RepositoryName;
const ui = parseRepositoryName("shop/orderbook-ui") as RepositoryName;
const first = parseDigest(`sha256:${"1".repeat(64)}`) as Digest;
const second = parseDigest(`sha256:${"2".repeat(64)}`) as Digest;
const third = parseDigest(`sha256:${"3".repeat(64)}`) as Digest;
const push: CollectedPush = {
  repository: api,
  digest: first,
  pushedAt: 1_000,
  event: "e-1",
  settle: 120_000,
  now: 1_500,
};
const rebuild: CollectedPush = {
  ...push,
  digest: second,
  pushedAt: 2_000,
  event: "e-2",
  now: 2_500,
};
const set = "aa".repeat(32);

export function releasesContract(name: string, makeWorld: () => Promise<ReleasesWorld>): void {
  describe(`releases: ${name}`, () => {
    let world: ReleasesWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("knows no release of which nothing arrived", async () => {
      expect(await world.releases.read(key)).toBeUndefined();
    });

    it("counts the first push of a version", async () => {
      const release = {
        ...key,
        firstSeen: 1_500,
        settlesAt: undefined,
        final: undefined,
        attempts: {},
        members: { [api]: { repository: api, digest: first, pushedAt: 1_000, events: ["e-1"] } },
      };
      expect(await world.releases.collect(key, push)).toEqual({
        release,
        repeated: false,
        changed: false,
      });
      expect(await world.releases.read(key)).toEqual(release);
      expect(await world.releases.read({ ...key, version: "1.4.3" })).toBeUndefined();
    });

    it("counts a push of a repository that is called like what every object has", async () => {
      const odd = { ...push, repository: "constructor" as RepositoryName };
      expect(await world.releases.collect(key, odd)).toMatchObject({
        repeated: false,
        changed: false,
      });
      expect((await world.releases.read(key))?.members).toEqual({
        constructor: { repository: "constructor", digest: first, pushedAt: 1_000, events: ["e-1"] },
      });
    });

    it("sees the members that arrived before", async () => {
      await world.releases.collect(key, push);
      const { release } = await world.releases.collect(key, {
        ...push,
        repository: ui,
        event: "e-9",
        now: 9_000,
      });
      expect(Object.keys(release.members).toSorted()).toEqual([api, ui]);
      expect(release.firstSeen).toBe(1_500);
    });

    it("counts an event once", async () => {
      await world.releases.collect(key, push);
      const { release, repeated } = await world.releases.collect(key, { ...push, now: 9_000 });
      expect(repeated).toBe(true);
      expect(release.members[api]?.events).toEqual(["e-1"]);
    });

    it("counts the same digest pushed again as another event that changes nothing", async () => {
      await world.releases.collect(key, push);
      const { release, repeated, changed } = await world.releases.collect(key, {
        ...push,
        pushedAt: 2_000,
        event: "e-2",
      });
      expect({ repeated, changed, settlesAt: release.settlesAt }).toEqual({
        repeated: false,
        changed: false,
        settlesAt: undefined,
      });
      expect(release.members[api]).toEqual({
        repository: api,
        digest: first,
        pushedAt: 2_000,
        events: ["e-1", "e-2"],
      });
    });

    it("lets a digest that changed settle", async () => {
      await world.releases.collect(key, push);
      const { release, repeated, changed } = await world.releases.collect(key, rebuild);
      expect({ repeated, changed, settlesAt: release.settlesAt }).toEqual({
        repeated: false,
        changed: true,
        settlesAt: 122_500,
      });
      expect(release.members[api]?.digest).toBe(second);
      expect(await world.releases.read(key)).toEqual(release);
    });

    it("lets every further change settle anew, and keeps the time when nothing changes", async () => {
      await world.releases.collect(key, push);
      await world.releases.collect(key, rebuild);
      await world.releases.collect(key, {
        ...rebuild,
        digest: third,
        pushedAt: 3_000,
        event: "e-3",
        now: 4_000,
      });
      const { release } = await world.releases.collect(key, {
        ...rebuild,
        digest: third,
        pushedAt: 5_000,
        event: "e-4",
        now: 6_000,
      });
      expect(release.settlesAt).toBe(124_000);
    });

    it("counts a push that came late and keeps the newer digest", async () => {
      await world.releases.collect(key, rebuild);
      const { release, repeated, changed } = await world.releases.collect(key, push);
      expect({ repeated, changed, settlesAt: release.settlesAt }).toEqual({
        repeated: false,
        changed: false,
        settlesAt: undefined,
      });
      expect(release.members[api]).toEqual({
        repository: api,
        digest: second,
        pushedAt: 2_000,
        events: ["e-2", "e-1"],
      });
      expect((await world.releases.collect(key, push)).repeated).toBe(true);
    });

    it("keeps the later time when an older push of the same digest comes late", async () => {
      await world.releases.collect(key, { ...push, pushedAt: 2_000, event: "e-2" });
      const { release } = await world.releases.collect(key, push);
      expect(release.members[api]).toEqual({
        repository: api,
        digest: first,
        pushedAt: 2_000,
        events: ["e-2", "e-1"],
      });
    });

    it("takes the later arrival of two pushes of one second, because EventBridge gives times in seconds", async () => {
      await world.releases.collect(key, push);
      const { release, changed } = await world.releases.collect(key, {
        ...rebuild,
        pushedAt: push.pushedAt,
      });
      expect(changed).toBe(true);
      expect(release.members[api]?.digest).toBe(second);
    });

    it("records another digest of a final version and lets nothing settle", async () => {
      await world.releases.collect(key, push);
      await world.releases.finalise(key, set, [push]);
      const { release, changed } = await world.releases.collect(key, rebuild);
      expect({ changed, final: release.final, settlesAt: release.settlesAt }).toEqual({
        changed: true,
        final: set,
        settlesAt: undefined,
      });
      expect(release.members[api]?.digest).toBe(second);
    });

    it("remembers the 20 newest events of a member", async () => {
      const events = Array.from({ length: 23 }, (_, number) => `e-${number}`);
      for (const event of events) await world.releases.collect(key, { ...push, event });
      expect((await world.releases.read(key))?.members[api]?.events).toEqual(events.slice(3));
    });

    it("shows the complete set to at least one of the pushes that come at the same moment", async () => {
      const members = Array.from(
        { length: 8 },
        (_, number) => parseRepositoryName(`shop/part-${number}`) as RepositoryName,
      );
      const collected = await Promise.all(
        members.map((repository) =>
          world.releases.collect(key, { ...push, repository, event: repository }),
        ),
      );
      expect(collected.some(({ release }) => Object.keys(release.members).length === 8)).toBe(true);
      expect(Object.keys((await world.releases.read(key))?.members ?? {})).toHaveLength(8);
    });

    it.each([
      ["rebuild", push, rebuild, ["e-1", "e-2"]],
      ["late push", rebuild, push, ["e-2", "e-1"]],
    ])(
      "counts a %s once that is delivered twice at the same moment",
      async (_, before, twice, events) => {
        await world.releases.collect(key, before);
        const both = await Promise.all([
          world.releases.collect(key, twice),
          world.releases.collect(key, twice),
        ]);
        expect(both.filter(({ repeated }) => repeated)).toHaveLength(1);
        expect((await world.releases.read(key))?.members[api]?.events).toEqual(events);
      },
    );

    it("ends on the newest of the digests that are pushed at the same moment", async () => {
      const pushes = [third, first, second].map((digest, index) => ({
        ...push,
        digest,
        pushedAt: 9_000 - index,
        event: `e-${index}`,
      }));
      await Promise.all(pushes.map((each) => world.releases.collect(key, each)));
      const member = (await world.releases.read(key))?.members[api];
      expect(member?.digest).toBe(third);
      expect(member?.events.toSorted()).toEqual(["e-0", "e-1", "e-2"]);
    });

    it("keeps two members of one repository apart by their names", async () => {
      const named = { ...push, name: "shop-web", event: "e-web" };
      await world.releases.collect(key, push);
      const { release } = await world.releases.collect(key, named);
      expect(release.members).toMatchObject({
        [push.repository]: { repository: push.repository },
        "shop-web": { name: "shop-web", repository: push.repository },
      });
      expect(await world.releases.finalise(key, set, [push, named])).toBe(true);
      expect((await world.releases.read(key))?.finalMembers).toEqual({
        [push.repository]: push.digest,
        "shop-web": push.digest,
      });
    });

    it("makes the digests that were collected final, once and again", async () => {
      await world.releases.collect(key, push);
      expect(await world.releases.finalise(key, set, [push])).toBe(true);
      expect(await world.releases.finalise(key, set, [push])).toBe(true);
      expect(await world.releases.read(key)).toMatchObject({
        final: set,
        finalMembers: { [api]: first },
      });
    });

    it("does not make final what was rebuilt meanwhile", async () => {
      await world.releases.collect(key, push);
      await world.releases.collect(key, rebuild);
      expect(await world.releases.finalise(key, set, [push])).toBe(false);
      expect((await world.releases.read(key))?.final).toBeUndefined();
    });

    it("stays final on the first set, also when the version is rebuilt afterwards", async () => {
      await world.releases.collect(key, push);
      await world.releases.finalise(key, set, [push]);
      await world.releases.collect(key, rebuild);
      expect(await world.releases.finalise(key, "bb".repeat(32), [rebuild])).toBe(false);
      expect(await world.releases.finalise(key, set, [push])).toBe(true);
      expect(await world.releases.read(key)).toMatchObject({
        members: { [api]: { digest: second } },
        final: set,
        finalMembers: { [api]: first },
      });
    });

    it("makes a version final whose pushes were never collected", async () => {
      expect(await world.releases.finalise(key, set, [push, { ...push, repository: ui }])).toBe(
        true,
      );
      const { release } = await world.releases.collect(key, push);
      expect({ final: release.final, firstSeen: release.firstSeen }).toEqual({
        final: set,
        firstSeen: 1_500,
      });
    });

    it("raises the attempt of one environment and set", async () => {
      const attempt = { environment: "production", set, from: 0 };
      expect(await world.releases.nextAttempt(key, attempt)).toBe(true);
      expect(await world.releases.nextAttempt(key, attempt)).toBe(false);
      expect(await world.releases.nextAttempt(key, { ...attempt, from: 1 })).toBe(true);
      expect(await world.releases.nextAttempt(key, { ...attempt, environment: "staging" })).toBe(
        true,
      );
      expect((await world.releases.read(key))?.attempts).toEqual({
        [`production/${set}`]: 2,
        [`staging/${set}`]: 1,
      });
    });

    it("refuses an attempt that skips one", async () => {
      expect(
        await world.releases.nextAttempt(key, { environment: "production", set, from: 1 }),
      ).toBe(false);
    });

    it("gives the next attempt to one of two at the same moment", async () => {
      const attempt = { environment: "production", set, from: 0 };
      const won = await Promise.all([
        world.releases.nextAttempt(key, attempt),
        world.releases.nextAttempt(key, attempt),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
    });
  });
}
