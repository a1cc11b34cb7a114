import type { Digest } from "../../domain/image/digest.ts";
import type { CollectedMember, CollectedRelease, ReleaseKey } from "../../domain/release.ts";
import { fieldsOf, type Item } from "./marshal.ts";

/** How many events of a member are remembered. */
export const rememberedEvents = 20;

/**
 * The attributes of one member are flat, `digest#<name>`, because an update of something inside a
 * map fails while there is no map, and the first push of a version should be one write like every
 * other.
 */
export function memberAttributes(name: string): {
  /** Only of a member that has a name of its own. */
  readonly repository: string;
  readonly digest: string;
  readonly pushedAt: string;
  readonly events: string;
} {
  return {
    repository: `repository#${name}`,
    digest: `digest#${name}`,
    pushedAt: `pushedAt#${name}`,
    events: `events#${name}`,
  };
}

export function attemptAttribute(environment: string, set: string): string {
  return `attempt#${environment}/${set}`;
}

interface ReleaseFields {
  readonly firstSeen?: number;
  readonly settlesAt?: number;
  readonly final?: string;
  readonly finalMembers?: Readonly<Record<string, Digest>>;
}

/**
 * A version of which no push was ever counted, but which was made final or attempted, was first
 * seen never: 0.
 */
export function releaseOf({ application, version }: ReleaseKey, item: Item): CollectedRelease {
  const {
    firstSeen = 0,
    settlesAt,
    final,
    finalMembers,
    ...flat
  } = fieldsOf<ReleaseFields & Readonly<Record<string, unknown>>>(item);
  return {
    application,
    version,
    firstSeen,
    settlesAt,
    final,
    finalMembers,
    members: Object.fromEntries(
      namesBehind(flat, "digest#").map((name) => [name, memberOf(flat, name)]),
    ),
    attempts: Object.fromEntries(
      namesBehind(flat, "attempt#").map((attempt) => [
        attempt,
        flat[`attempt#${attempt}`] as number,
      ]),
    ),
  };
}

function namesBehind(flat: object, prefix: string): readonly string[] {
  return Object.keys(flat)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}

function memberOf(flat: Readonly<Record<string, unknown>>, name: string): CollectedMember {
  const { repository, digest, pushedAt, events } = memberAttributes(name);
  const named = flat[repository] === undefined ? {} : { name };
  const member = {
    ...named,
    repository: flat[repository] ?? name,
    digest: flat[digest],
    pushedAt: flat[pushedAt],
    events: flat[events],
  } as CollectedMember;
  return { ...member, events: member.events.slice(-rememberedEvents) };
}
