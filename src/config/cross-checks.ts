import type { Application, Configuration, Environment } from "../domain/configuration.ts";
import { formatTagPattern, patternsOverlap, versionOf, type TagPattern } from "../domain/image/tag-pattern.ts";
import type { PathFault } from "./fault.ts";

/** What no single entry can get wrong by itself. Each check sees the whole configuration and names every fault it finds. */
export function crossChecks(configuration: Configuration): readonly PathFault[] {
  return [repositoryInOneApplication, clusterExists, afterExists, sourceApartFromOurTags, tagsApart, namespacesApart].flatMap((check) => check(configuration));
}

interface Placed {
  readonly application: Application;
  readonly environment: Environment;
  readonly path: readonly string[];
}

function everyEnvironment({ applications }: Configuration): readonly Placed[] {
  return Object.values(applications).flatMap((application) => Object.values(application.environments).map((environment) =>
    ({ application, environment, path: ["applications", application.name, "environments", environment.name] })));
}

function repositoryInOneApplication({ applications }: Configuration): readonly PathFault[] {
  const owners = new Map<string, string>();
  return Object.values(applications).flatMap(({ name, repositories }) => repositories.flatMap((repository, index) => {
    const owner = owners.get(repository);
    owners.set(repository, owner ?? name);
    return owner === undefined ? [] : [{ path: ["applications", name, "images", index], message: `the repository ${repository} belongs to ${owner} already; one repository goes live with one application` }];
  }));
}

function clusterExists(configuration: Configuration): readonly PathFault[] {
  const known = Object.keys(configuration.clusters);
  return everyEnvironment(configuration).filter(({ environment }) => !known.includes(environment.podSpec.cluster)).map(({ environment, path }) =>
    ({ path: [...path, "podSpec", "cluster"], message: `there is no cluster "${environment.podSpec.cluster}"; clusters has ${known.join(", ") || "none"}` }));
}

function afterExists(configuration: Configuration): readonly PathFault[] {
  return everyEnvironment(configuration).flatMap(({ application, environment, path }) => {
    const fault = (message: string): PathFault[] => [{ path: [...path, "after"], message }];
    if (environment.after === undefined) return [];
    if (!application.environments[environment.after]) return fault(`there is no environment "${environment.after}" in ${application.name}; it has ${Object.keys(application.environments).join(", ")}`);
    return isCircle(application, environment) ? fault(`${environment.name} comes after itself`) : [];
  });
}

function isCircle({ environments }: Application, start: Environment): boolean {
  const seen = new Set<string>();
  for (let name = start.after; name !== undefined && !seen.has(name); name = environments[name]?.after) {
    if (name === start.name) return true;
    seen.add(name);
  }
  return false;
}

function sourceApartFromOurTags(configuration: Configuration): readonly PathFault[] {
  return everyEnvironment(configuration).flatMap(({ application: { source }, environment: { tags }, path }) => {
    const text = formatTagPattern(source.tag);
    const release = patternsOverlap(source.tag, tags.release) ? [{ path: [...path, "tags", "release"], message: `a tag could be both ${formatTagPattern(tags.release)} and the source ${text}: promotions would start promotions` }] : [];
    const moving = tags.moving !== undefined && versionOf(source.tag, tags.moving) !== undefined ? [{ path: [...path, "tags", "moving"], message: `"${tags.moving}" matches the source ${text}: promotions would start promotions` }] : [];
    return [...release, ...moving];
  });
}

function tagsApart(configuration: Configuration): readonly PathFault[] {
  return everyPair(configuration, ({ application: one }, { application: other }) => one.name === other.name).flatMap(([earlier, later]) => {
    const [one, other] = [earlier.environment.tags, later.environment.tags];
    const clash = (message: string, key: string): PathFault => ({ path: [...later.path, "tags", key], message: `${message}, as in ${earlier.environment.name}: tags of different environments must differ` });
    const release = patternsOverlap(one.release, other.release) ? [clash(`a tag could be ${formatTagPattern(other.release)}`, "release")] : [];
    const moving = other.moving !== undefined && (one.moving === other.moving || matches(one.release, other.moving)) ? [clash(`"${other.moving}" is a tag`, "moving")] : [];
    return [...release, ...moving];
  });
}

function matches(pattern: TagPattern, tag: string): boolean {
  return versionOf(pattern, tag) !== undefined;
}

function namespacesApart(configuration: Configuration): readonly PathFault[] {
  return everyPair(configuration, samePlace).map(([earlier, later]) => ({
    path: [...later.path, "podSpec", "namespace"],
    message: `namespace ${later.environment.podSpec.namespace} of ${later.environment.podSpec.cluster} belongs to ${earlier.application.name}/${earlier.environment.name} already`,
  }));
}

function samePlace({ environment: { podSpec: one } }: Placed, { environment: { podSpec: other } }: Placed): boolean {
  return one.cluster === other.cluster && one.namespace === other.namespace;
}

function everyPair(configuration: Configuration, related: (one: Placed, other: Placed) => boolean): readonly (readonly [Placed, Placed])[] {
  const all = everyEnvironment(configuration);
  return all.flatMap((later, index) => all.slice(0, index).filter((earlier) => related(earlier, later)).map((earlier) => [earlier, later] as const));
}

