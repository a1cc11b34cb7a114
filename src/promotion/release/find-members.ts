import { formatTagPattern, tagOf } from "../../domain/image/tag-pattern.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Promotion } from "../../domain/promotion.ts";
import {
  changedImages,
  completeSet,
  type CollectedRelease,
  type Member,
} from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { missingPredecessor, type ConfiguredEnvironment } from "../record/find-environment.ts";
import { recordedMembers, recordedMembersNeeds, type RecordedMembers } from "./recorded-members.ts";

export const findMembersNeeds = [
  ...recordedMembersNeeds,
  "releases.read",
  "environments.readPromoted",
  "registry.resolveTags",
  "promotions.history",
  "promotions.read",
  "openWork.list",
] as const satisfies readonly Need[];
export type FindMembersPorts = PortsFor<typeof findMembersNeeds>;

export type FoundMembers =
  | RecordedMembers
  | { readonly kind: "incomplete"; readonly why: string }
  | { readonly kind: "settling"; readonly until: number };

interface Search {
  readonly promotion: Promotion;
  readonly found: ConfiguredEnvironment;
}

/**
 * The digests of a version. To go back: as they ran here. Else as promoted to the environment
 * before, else as collected from pushes, else by the dev tags.
 */
export async function findMembers(search: Search, ports: FindMembersPorts): Promise<FoundMembers> {
  if (search.promotion.back) return recordedMembers(search, ports);
  const { environment } = search.found;
  return environment.after === undefined
    ? collectedMembers(search, ports)
    : promotedMembers(search, environment.after, ports);
}

/**
 * All that was promoted there or nothing: promoter.yml may have other images by now, with which
 * this version was never tried.
 */
async function promotedMembers(
  { promotion, found }: Search,
  after: string,
  { environments }: FindMembersPorts,
): Promise<FoundMembers> {
  const { application, version } = promotion;
  const earlier = await environments.readPromoted({ application, environment: after }, version);
  if (!earlier) return { kind: "unknown", reasons: [missingPredecessor(after, promotion)] };
  const { missing, surplus } = changedImages(found.application.members, earlier.members);
  const remedy = `promote a new version to ${after} first`;
  if (missing.length > 0) {
    const why = `it was promoted to ${after} without ${missing.join(", ")}`;
    return {
      kind: "incomplete",
      why: `${why}, which promoter.yml now lists among its images; ${remedy}`,
    };
  }
  if (surplus.length > 0) {
    const why = `${application} ${version} was promoted to ${after} with ${surplus.join(", ")}`;
    return {
      kind: "unknown",
      reasons: [`${why}, which promoter.yml no longer lists among its images; ${remedy}`],
    };
  }
  return { kind: "found", members: earlier.members };
}

async function collectedMembers(search: Search, ports: FindMembersPorts): Promise<FoundMembers> {
  const release = await ports.releases.read(search.promotion);
  const settlesAt =
    search.promotion.mode === "plan" || release?.final !== undefined
      ? undefined
      : release?.settlesAt;
  if (settlesAt !== undefined && settlesAt > ports.clock.now()) {
    return { kind: "settling", until: settlesAt };
  }
  const { members } = search.found.application;
  const present = { ...(await taggedMembers(search, release, ports)), ...release?.members };
  const set = completeSet(members, present);
  if (set.kind === "complete") return { kind: "found", members: set.members };
  if (set.missing.length < members.length) {
    return { kind: "incomplete", why: describeMissing(set.missing, search) };
  }
  return { kind: "unknown", reasons: [await unknownVersion(search, ports)] };
}

function describeMissing(missing: readonly string[], { promotion, found }: Search): string {
  const images = found.application.members
    .filter(({ name }) => missing.includes(name))
    .map(({ repository, tag }) => `${repository}:${tagOf(tag, promotion.version)}`);
  const are = missing.length > 1 ? "are" : "is";
  return `${missing.join(", ")} ${are} missing; push ${images.join(" and ")}`;
}

/**
 * Asks the registry only for what was never collected: a lost event, or images older than the
 * promoter.
 */
async function taggedMembers(
  { promotion, found }: Search,
  release: CollectedRelease | undefined,
  { registry }: FindMembersPorts,
): Promise<Record<string, Pick<Member, "digest">>> {
  const unseen = found.application.members.filter(
    ({ name }) => !lookUp(release?.members ?? {}, name),
  );
  const tagged = await Promise.all(
    unseen.map(async ({ name, repository, tag: pattern }) => {
      const tag = tagOf(pattern, promotion.version);
      return [name, tag && (await registry.resolveTags(repository, [tag])).get(tag)] as const;
    }),
  );
  return Object.fromEntries(
    tagged.flatMap(([name, digest]) => (digest ? [[name, { digest }] as const] : [])),
  );
}

/** Known is what was promoted or refused with a set, not a version that was only typed. */
async function unknownVersion(
  { promotion, found }: Search,
  { openWork, promotions }: FindMembersPorts,
): Promise<string> {
  const { application, version } = promotion;
  const open = await openWork.list(application);
  const { entries } = await promotions.history(promotion, { limit: 10 });
  const underWay = await Promise.all(
    open.flatMap((one) => (one.kind === "promotion" ? [promotions.read(one.id)] : [])),
  );
  const resolved = [...underWay, ...entries].flatMap((one) =>
    one?.set === undefined ? [] : [one],
  );
  const known = new Set(
    [...open.filter(({ kind }) => kind === "release"), ...resolved].map((one) => one.version),
  );
  known.delete(version);
  const names =
    known.size > 0
      ? `known versions are ${[...known].slice(0, 10).join(", ")}; push this one, or choose one of those`
      : "no version has been pushed yet; push this one first";
  const tags = new Set(
    found.application.members.map(({ tag }) => tagOf(tag, version) ?? formatTagPattern(tag)),
  );
  const tagged = [...tags].join(" or ");
  return `there is no version ${version} of ${application}: no repository has the tag ${tagged}; ${names}`;
}
