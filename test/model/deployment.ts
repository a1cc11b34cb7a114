import type { Configuration, Environment, PodSpecSource } from "../../src/domain/configuration.ts";
import { imageName } from "../../src/domain/image/reference.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import { parseTagPattern, type TagPattern } from "../../src/domain/image/tag-pattern.ts";
import type { Tag } from "../../src/domain/image/tag.ts";
import { plainMember, type TagsToWrite } from "../../src/domain/member-source.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { rulesSchema } from "../../src/domain/rules/index.ts";
import { everyVersion } from "../../src/domain/version-policy.ts";
import type { Chances } from "./chances.ts";
import type { Draw } from "./draws.ts";

/** What may change from one deployment of the stack to the next. */
export interface Deployment {
  readonly approvers: readonly string[];
  readonly required: number;
  /** Whether anybody is asked about production. */
  readonly asks: boolean;
  readonly scan: boolean;
  readonly members: readonly RepositoryName[];
  readonly replicas: number;
  /** production takes only what staging had. */
  readonly chain: boolean;
  /** Whether releases are watched after their rollout. */
  readonly observes: boolean;
  /** Somebody took production out of promoter.yml, as it happens when branches are merged. */
  readonly isGone: boolean;
  /** What production has of tags and cluster. */
  readonly shape: Shape;
}

type Shape = "both" | "tags" | "cluster";

/** Two in five schedules have production in another shape, and now and then it changes. */
export function drawShape(draw: Draw): Shape {
  return draw.weighted({ both: 3, tags: 1, cluster: 1 });
}

export const members: readonly RepositoryName[] = ["shop-api", "shop-ui", "shop-jobs"].map(
  (name) => name as RepositoryName,
);
export const people = ["ANNA", "BEN", "CORA"] as const;
export const registry = { account: "111122223333", region: "eu-west-1" };
const clusterName = "shop-cluster";
const minute = 60_000;

export function firstDeployment(draw: Draw, { has, isHurried }: Chances): Deployment {
  const isAboutQuestions = has("questions twice") || has("redeployments");
  const asks = draw.chance(isAboutQuestions ? 0.95 : isHurried ? 0.3 : 0.75);
  const scan = draw.chance(isHurried ? 0.1 : 0.3);
  return {
    approvers: ["ANNA", "BEN"],
    required: draw.chance(0.25) ? 2 : 1,
    asks,
    scan,
    members: members.slice(0, 2),
    replicas: 1,
    chain: has("chain"),
    observes: draw.chance(0.3),
    isGone: false,
    shape: "both",
  };
}

/** What is changed, by weight. */
const likely = { approvers: 4, required: 1, asks: 1, scan: 2, members: 1, replicas: 2, gone: 0.7 };

/** Somebody changes one thing in promoter.yml, or in the objects, and deploys. */
export function changedDeployment(
  before: Deployment,
  draw: Draw,
  what: keyof typeof likely = draw.weighted(likely),
): Deployment {
  switch (what) {
    case "approvers":
      return {
        ...before,
        approvers: draw.pick([["BEN"], ["ANNA"], ["BEN", "CORA"], ["CORA"], ["ANNA", "BEN"]]),
        required: 1,
      };
    case "required":
      return {
        ...before,
        required: Math.min(before.required === 1 ? 2 : 1, before.approvers.length),
      };
    case "asks":
      return { ...before, asks: !before.asks };
    case "scan":
      return { ...before, scan: !before.scan };
    case "members":
      return { ...before, members: before.members.length === 2 ? members : members.slice(0, 2) };
    case "gone":
      return { ...before, isGone: !before.isGone };
    case "replicas":
      return { ...before, replicas: before.replicas + 1 };
  }
}

export function configurationOf(deployment: Deployment): Configuration {
  const { chain, isGone } = deployment;
  const production = shaped(deployedTo("production", deployment), deployment.shape);
  const staging = { ...deployedTo("staging", deployment), approval: undefined };
  const environments = {
    ...(chain || isGone ? { staging } : {}),
    ...(isGone ? {} : { production: { ...production, after: chain ? "staging" : undefined } }),
  };
  return {
    registry: { ...registry, putImageRate: 10 },
    clusters: { [clusterName]: { kind: "context", context: "kind-shop" } },
    applications: {
      shop: {
        name: "shop",
        members: deployment.members.map((name) => plainMember(name, pattern("dev-{version}"))),
        source: {
          tag: pattern("dev-{version}"),
          order: "semver",
          versions: everyVersion,
          settle: 2 * minute,
        },
        environments,
      },
    },
  };
}

function shaped(whole: ReturnType<typeof deployedTo>, shape: Shape): Environment {
  if (shape === "both") return whole;
  return shape === "tags" ? { ...whole, podSpec: undefined } : { ...whole, tags: undefined };
}

function deployedTo(
  name: "production" | "staging",
  { asks, approvers, required, scan, observes }: Deployment,
): Environment & { readonly tags: TagsToWrite; readonly podSpec: PodSpecSource } {
  const prefix = prefixOf(name);
  return {
    name,
    after: undefined,
    versions: everyVersion,
    tags: { release: pattern(`${prefix}-{version}`), moving: prefix as Tag },
    rules: rulesSchema.parse(scan ? { scan: { wait: "20m" } } : {}),
    approval: asks
      ? {
          channel: "#releases",
          approvers,
          required,
          expires: 90 * minute,
          requester: "may-not-approve",
        }
      : undefined,
    podSpec: {
      cluster: clusterName,
      namespace: namespaceOf(name),
      objects: { kind: "files", folder: `deploy/${name}` },
      rollout: 10 * minute,
      force: false,
      failFast: true,
      kinds: [],
      restartOnConfig: true,
      images: "fields",
    },
    observe: observes ? observe : undefined,
  };
}

const observe = {
  for: 4 * minute,
  alarms: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop"],
  http: "https://shop.example.com/healthz",
  function: "arn:aws:lambda:eu-west-1:111122223333:function:smoke",
};

export function objectsOf(
  name: string,
  { members: repositories, replicas }: Deployment,
): readonly KubernetesObject[] {
  return repositories.map((repository) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: repository, namespace: namespaceOf(name) },
    spec: {
      replicas,
      selector: { matchLabels: { app: repository } },
      template: {
        metadata: { labels: { app: repository } },
        spec: {
          containers: [{ name: repository, image: `${imageName(registry, repository)}:dev` }],
        },
      },
    },
  }));
}

export const clusterNames = [clusterName];
export const environmentNames = ["production", "staging"] as const;

export function namespaceOf(environment: string): string {
  return `shop-${environment}`;
}

export function prefixOf(environment: string): string {
  return environment === "production" ? "prod" : "stage";
}

/** undefined: a dev tag. */
export function environmentOfTag(tag: string): string | undefined {
  return environmentNames.find(
    (name) => tag === prefixOf(name) || tag.startsWith(`${prefixOf(name)}-`),
  );
}

function pattern(text: string): TagPattern {
  const parsed = parseTagPattern(text);
  if (!parsed) throw new Error(`${text} is no tag pattern`);
  return parsed;
}
