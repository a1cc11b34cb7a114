import { lookUp } from "../../src/domain/look-up.ts";
import {
  memberName,
  type CollectedMember,
  type CollectedRelease,
  type ReleaseKey,
} from "../../src/domain/release.ts";
import type { CollectedPush, Releases } from "../../src/ports/releases.ts";
import { copyOf } from "./copy-of.ts";

export function fakeReleases(): Releases {
  const stored = new Map<string, CollectedRelease>();
  const present = (key: ReleaseKey): CollectedRelease => stored.get(nameOf(key)) ?? unseen(key);
  const store = (release: CollectedRelease): void =>
    void stored.set(nameOf(release), copyOf(release));
  return {
    read: async (key) => copyOf(stored.get(nameOf(key))),
    async collect(key, push) {
      const before = present(key);
      const former = lookUp(before.members, memberName(push));
      if (former?.events.includes(push.event)) {
        return { release: copyOf(before), repeated: true, changed: false };
      }
      const { release, changed } = collected(before, former, push);
      store(release);
      return { release: copyOf(release), repeated: false, changed };
    },
    async finalise(key, set, members) {
      const release = present(key);
      if (release.final !== undefined) return release.final === set;
      if (
        members.some(
          (one) => (release.members[memberName(one)]?.digest ?? one.digest) !== one.digest,
        )
      ) {
        return false;
      }
      store({
        ...release,
        final: set,
        finalMembers: Object.fromEntries(members.map((one) => [memberName(one), one.digest])),
      });
      return true;
    },
    async nextAttempt(key, { environment, set, from }) {
      const release = present(key);
      const attempt = `${environment}/${set}`;
      if ((release.attempts[attempt] ?? 0) !== from) return false;
      store({ ...release, attempts: { ...release.attempts, [attempt]: from + 1 } });
      return true;
    },
  };
}

function unseen({ application, version }: ReleaseKey): CollectedRelease {
  return {
    application,
    version,
    members: {},
    firstSeen: 0,
    settlesAt: undefined,
    final: undefined,
    attempts: {},
  };
}

function collected(
  before: CollectedRelease,
  former: CollectedMember | undefined,
  { event, settle, now, ...pushed }: CollectedPush,
): { readonly release: CollectedRelease; readonly changed: boolean } {
  const older = former !== undefined && pushed.pushedAt < former.pushedAt;
  const changed = former !== undefined && !older && former.digest !== pushed.digest;
  const member = {
    ...(older ? former : pushed),
    events: [...(former?.events ?? []), event].slice(-20),
  };
  const settlesAt = changed && before.final === undefined ? now + settle : before.settlesAt;
  const members = { ...before.members, [memberName(pushed)]: member };
  return {
    release: { ...before, members, settlesAt, firstSeen: before.firstSeen || now },
    changed,
  };
}

function nameOf({ application, version }: ReleaseKey): string {
  return `${application}#${version}`;
}
