import type {
  Application,
  ClusterAddress,
  Configuration,
  Environment,
  PodSpecSource,
} from "../domain/configuration.ts";
import { plainMember, taggedMember } from "../domain/member-source.ts";
import type { ObservePolicy } from "../domain/observation.ts";
import { secretKind } from "../domain/pod-spec/built-in-kinds.ts";
import type { VersionPolicy } from "../domain/version-policy.ts";
import type { WrittenConfiguration } from "./configuration-schema.ts";
import { targetOf } from "./environment-target.ts";
import { sourceIn } from "./one-source.ts";

type WrittenApplication = WrittenConfiguration["applications"][string];
type WrittenEnvironment = WrittenApplication["environments"][string];
type WrittenPodSpec = NonNullable<WrittenEnvironment["podSpec"]>;

/** The checked document in the words of the domain. */
export function normalise({
  registry,
  clusters,
  applications,
}: WrittenConfiguration): Configuration {
  return {
    registry,
    clusters: mapValues(clusters, toClusterAddress),
    applications: mapValues(applications, toApplication),
  };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}

function toClusterAddress(cluster: WrittenConfiguration["clusters"][string]): ClusterAddress {
  return "eks" in cluster
    ? { kind: "eks", name: cluster.eks, region: cluster.region }
    : { kind: "context", context: cluster.context };
}

function toApplication(
  { images, source, environments }: WrittenApplication,
  name: string,
): Application {
  const artifacts = Object.values(environments).flatMap(({ podSpec }) => podSpec?.artifact ?? []);
  return {
    name,
    members: [
      ...images.map((image) =>
        typeof image === "string" ? plainMember(image, source.tag) : taggedMember(image),
      ),
      ...[...new Set(artifacts)].map((artifact) => plainMember(artifact, source.tag)),
    ],
    source: { ...source, versions: toVersionPolicy(source.versions) },
    environments: mapValues(environments, toEnvironment),
  };
}

function toEnvironment(
  { after, versions, tags, rules, approval, podSpec, observe }: WrittenEnvironment,
  name: string,
): Environment {
  return {
    name,
    after,
    versions: toVersionPolicy(versions),
    rules,
    approval: approval && toPolicy(approval),
    ...targetOf(
      tags && { release: tags.release, moving: tags.moving },
      podSpec && toPodSpec(podSpec),
    ),
    ...(observe ? { observe: toObservePolicy(observe) } : {}),
  };
}

function toPodSpec({
  files,
  render,
  artifact,
  kinds,
  secrets,
  ...others
}: WrittenPodSpec): PodSpecSource {
  const objects = sourceIn({ files, render, artifact });
  if (!objects) throw new TypeError("a checked pod spec has one source of objects");
  return { ...others, kinds: allowedKinds({ kinds, secrets }), objects };
}

/** `secrets: allow` is another way to name the kind. */
export function allowedKinds({
  kinds,
  secrets,
}: Pick<WrittenPodSpec, "kinds" | "secrets">): readonly string[] {
  return secrets === "allow" ? [...kinds, secretKind.name] : kinds;
}

function toVersionPolicy({
  prereleases,
  only,
  ignore,
}: WrittenEnvironment["versions"]): VersionPolicy {
  return { prereleases, only, ignore };
}

function toObservePolicy({
  http,
  function: fn,
  ...observe
}: NonNullable<WrittenEnvironment["observe"]>): ObservePolicy {
  return { ...observe, http, function: fn };
}

function toPolicy({
  slack,
  ...policy
}: NonNullable<WrittenEnvironment["approval"]>): NonNullable<Environment["approval"]> {
  return { channel: slack, ...policy };
}
