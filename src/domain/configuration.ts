import type { RepositoryName } from "./image/repository.ts";
import type { TagPattern } from "./image/tag-pattern.ts";
import type { MemberSource, TagsToWrite } from "./member-source.ts";
import type { ObservePolicy } from "./observation.ts";
import type { ObjectSource } from "./pod-spec/object-source.ts";
import type { RuleOptions } from "./rules/index.ts";
import type { VersionOrder } from "./version-order.ts";
import type { VersionPolicy } from "./version-policy.ts";

/** promoter.yml, checked and with every default filled in. All durations are milliseconds. */
export interface Configuration {
  readonly registry: Registry & {
    /** PutImage calls that one invocation begins in a second, at most. */
    readonly putImageRate: number;
  };
  readonly clusters: Readonly<Record<string, ClusterAddress>>;
  readonly applications: Readonly<Record<string, Application>>;
}

export interface Registry {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

export type ClusterAddress =
  | { readonly kind: "eks"; readonly name: string; readonly region: string }
  | { readonly kind: "context"; readonly context: string };

export interface Application {
  readonly name: string;
  /** In the order of promoter.yml; never empty, no name twice. */
  readonly members: readonly MemberSource[];
  readonly source: Source;
  /** In the order of promoter.yml. */
  readonly environments: Readonly<Record<string, Environment>>;
}

export interface Source {
  readonly tag: TagPattern;
  readonly order: VersionOrder;
  /** What else is not a release of this application. */
  readonly versions: VersionPolicy;
  /** How long a version that was rebuilt must stay unchanged before it is promoted. */
  readonly settle: number;
}

/** Where releases go: how they get there, and what a promotion changes. */
export type Environment = EnvironmentTerms & EnvironmentTarget;

interface EnvironmentTerms {
  readonly name: string;
  /**
   * The environment whose record gives the digests; absent: an entry environment, which a push
   * starts.
   */
  readonly after: string | undefined;
  /** Which versions come here. */
  readonly versions: VersionPolicy;
  readonly rules: RuleOptions;
  /** Absent: no approval is needed. */
  readonly approval: ApprovalPolicy | undefined;
  /** Absent: a release is not watched after its rollout. */
  readonly observe?: ObservePolicy | undefined;
}

/** Tags in the registry, objects in a cluster, or both; an environment without either is a fault. */
export type EnvironmentTarget =
  | { readonly tags: TagsToWrite; readonly podSpec: PodSpecSource | undefined }
  | { readonly tags: undefined; readonly podSpec: PodSpecSource };

/** For a name that a person gave; it continues a refusal. */
export function unknownApplication(
  name: string,
  { applications }: Pick<Configuration, "applications">,
): string {
  return `there is no application named "${name}"; promoter.yml has ${Object.keys(applications).join(", ")}`;
}

/** Every member that the builds push to this repository. */
export function membersIn(
  repository: string,
  { applications }: Pick<Configuration, "applications">,
): readonly OwnedMember[] {
  return Object.values(applications).flatMap((application) =>
    application.members
      .filter((member) => member.repository === repository)
      .map((member) => ({ application, member })),
  );
}

/**
 * The members that hold objects instead of images: by their place in promoter.yml, whatever they
 * say of themselves.
 */
export function artifactsOf({
  environments,
}: Pick<Application, "environments">): readonly RepositoryName[] {
  const named = Object.values(environments).flatMap(({ podSpec }) =>
    podSpec?.objects.kind === "artifact" ? [podSpec.objects.repository] : [],
  );
  return [...new Set(named)];
}

/** The members that hold images. */
export function imagesOf(
  application: Pick<Application, "environments" | "members">,
): readonly MemberSource[] {
  const artifacts = artifactsOf(application);
  return application.members.filter(({ repository }) => !artifacts.includes(repository));
}

export interface OwnedMember {
  readonly application: Application;
  readonly member: MemberSource;
}

/** Each once, in the order of promoter.yml. */
export function repositoriesOf({
  members,
}: Pick<Application, "members">): readonly RepositoryName[] {
  return [...new Set(members.map(({ repository }) => repository))];
}

/** Of a repository without one. */
export function unlistedRepository(repository: string): string {
  return `no application has the repository ${repository}`;
}

export interface ApprovalPolicy {
  /** Channel name with `#`, or a channel id. */
  readonly channel: string;
  /** Their ids in the messenger. */
  readonly approvers: readonly string[];
  readonly required: number;
  readonly expires: number;
  readonly requester: "may-approve" | "may-not-approve";
}

export interface PodSpecSource {
  readonly cluster: string;
  readonly namespace: string;
  readonly objects: ObjectSource;
  /** How long a rollout may take before it counts as stalled. */
  readonly rollout: number;
  /** Whether a rollout that is hopeless is given up before that. */
  readonly failFast: boolean;
  /** Take over fields that another manager owns. */
  readonly force: boolean;
  /** Whether a ConfigMap or Secret of the objects that changes restarts the workloads that use it. */
  readonly restartOnConfig: boolean;
  /** Kinds that the objects may have besides those allowed by default: `Kind` or `Kind.group`. */
  readonly kinds: readonly string[];
  /**
   * Where members are pinned: in image fields, or in every text that names one with a tag or
   * digest.
   */
  readonly images: "fields" | "everywhere";
}
