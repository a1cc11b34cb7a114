import type { Application, Configuration, Source } from "../../src/domain/configuration.ts";
import { canBegin } from "../../src/domain/version-order.ts";
import { repositoryArn } from "./names.ts";
import type { Resource, Resources } from "./service.ts";

/** EventBridge user guide, "EventBridge quotas": characters of an event pattern. */
const patternSize = 2048;

type Detail = Readonly<Record<string, readonly unknown[]>>;

/** One thing that rules listen to, and the repositories for which they do. */
interface Subject {
  readonly detail: Detail;
  readonly repositories: readonly string[];
}

/** The rules of serverless.yml that listen to repositories, and for what promoter.yml narrows them to. */
const narrowed: Readonly<Record<string, (configuration: Configuration) => readonly Subject[]>> = {
  PushRule: pushSubjects,
  RegistryFactsRule: (configuration) => [{ detail: {}, repositories: repositoriesOf(configuration) }],
  // The scanner names a repository by its ARN (ECR user guide, "EventBridge events for enhanced scanning").
  ScannerFactsRule: (configuration) => [{ detail: {}, repositories: repositoriesOf(configuration).map((name) => repositoryArn(configuration.registry, name)) }],
};

/** The resources with these rules narrowed; a rule becomes several when its pattern would be too long. */
export function deriveRules(resources: Resources, configuration: Configuration): Resources {
  const all = Object.entries(resources).flatMap(([id, rule]) => {
    const subjects = narrowed[id]?.(configuration);
    return subjects ? splitRule(id, rule, subjects) : [[id, rule] as const];
  });
  return Object.fromEntries(all);
}

/** Applications with the same form of dev tags share rules. */
function pushSubjects({ applications }: Configuration): readonly Subject[] {
  const byTag = Map.groupBy(Object.values(applications), ({ source }) => JSON.stringify(tagMatchers(source)));
  return [...byTag.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ detail: { "image-tag": tagMatchers(first.source) }, repositories: unique(group) }] : [];
  });
}

/** One end of the pattern is enough to keep most foreign tags away, our own among them; the function decides on the whole. */
function tagMatchers({ tag: { prefix, suffix }, order }: Source): readonly unknown[] {
  if (prefix !== "") return [{ prefix }];
  if (suffix !== "") return [{ suffix }];
  return order === "pushed" ? [{ "anything-but": [""] }] : letters.filter((letter) => canBegin(order, letter)).map((letter) => ({ prefix: letter }));
}

/** What a tag may begin with (OCI distribution spec, "Pulling manifests"). */
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".split("");

function repositoriesOf({ applications }: Configuration): readonly string[] {
  return unique(Object.values(applications));
}

function unique(applications: readonly Application[]): readonly string[] {
  return [...new Set(applications.flatMap(({ repositories }) => repositories))];
}

function splitRule(id: string, rule: Resource, subjects: readonly Subject[]): readonly (readonly [string, Resource])[] {
  const patterns = subjects.flatMap((subject) => patternsOf(rule, subject));
  return patterns.map((pattern, index) => {
    const number = index + 1;
    const name = String(rule.Properties?.["Name"]);
    const properties = { ...rule.Properties, Name: number === 1 ? name : `${name}-${number}`, EventPattern: pattern };
    return [number === 1 ? id : `${id}${number}`, { ...rule, Properties: properties }] as const;
  });
}

function patternsOf({ Properties = {} }: Resource, { detail, repositories }: Subject): readonly unknown[] {
  const base = Properties["EventPattern"] as { readonly detail?: Detail };
  const patternOf = (names: readonly string[]): unknown => ({ ...base, detail: { ...base.detail, ...detail, "repository-name": names } });
  const patterns: string[][] = [];
  for (const name of repositories) {
    const last = patterns.at(-1);
    if (last && JSON.stringify(patternOf([...last, name])).length <= patternSize) last.push(name);
    else patterns.push([name]);
  }
  return patterns.map(patternOf);
}
