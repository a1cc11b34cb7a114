import { repositoriesOf, type Configuration } from "../../src/domain/configuration.ts";
import { repositoryArn } from "./names.ts";
import type { Resource, Resources } from "./service.ts";

/** EventBridge user guide, "EventBridge quotas": characters of an event pattern. */
const patternSize = 2048;

/**
 * The rules of serverless.yml that listen to repositories, and the form of the repository names
 * there.
 */
const narrowed: Readonly<Record<string, (configuration: Configuration) => readonly string[]>> = {
  PushRule: allRepositories,
  RegistryFactsRule: allRepositories,
  // The scanner names a repository by its ARN (ECR user guide, "EventBridge events for enhanced scanning").
  ScannerFactsRule: (configuration) =>
    allRepositories(configuration).map((name) => repositoryArn(configuration.registry, name)),
};

/**
 * The resources with these rules narrowed; a rule becomes several when its pattern would be too
 * long.
 */
export function deriveRules(resources: Resources, configuration: Configuration): Resources {
  const all = Object.entries(resources).flatMap(([id, rule]) => {
    const repositories = narrowed[id]?.(configuration);
    return repositories ? splitRule(id, rule, repositories) : [[id, rule] as const];
  });
  return Object.fromEntries(all);
}

function allRepositories({ applications }: Configuration): readonly string[] {
  return [...new Set(Object.values(applications).flatMap(repositoriesOf))];
}

function splitRule(
  id: string,
  rule: Resource,
  repositories: readonly string[],
): readonly (readonly [string, Resource])[] {
  return patternsOf(rule, repositories).map((pattern, index) => {
    const number = index + 1;
    const name = String(rule.Properties?.["Name"]);
    const properties = {
      ...rule.Properties,
      Name: number === 1 ? name : `${name}-${number}`,
      EventPattern: pattern,
    };
    return [number === 1 ? id : `${id}${number}`, { ...rule, Properties: properties }] as const;
  });
}

function patternsOf(
  { Properties = {} }: Resource,
  repositories: readonly string[],
): readonly unknown[] {
  const base = Properties["EventPattern"] as { readonly detail?: object };
  const patternOf = (names: readonly string[]): unknown => ({
    ...base,
    detail: { ...base.detail, "repository-name": names },
  });
  const patterns: string[][] = [];
  for (const name of repositories) {
    const last = patterns.at(-1);
    if (last && JSON.stringify(patternOf([...last, name])).length <= patternSize) last.push(name);
    else patterns.push([name]);
  }
  return patterns.map(patternOf);
}
