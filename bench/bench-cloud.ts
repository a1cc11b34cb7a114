import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import type { Clock } from "@promoter/local-cloud/clock";
import { buildImage } from "@promoter/local-cloud/image-builder";
import { pushImage } from "@promoter/local-cloud/push-image";
import { loadTemplate } from "../scripts/stack/load-template.ts";
import { loadConfiguration, type Project } from "../src/config/load-configuration.ts";
import type { Configuration } from "../src/domain/configuration.ts";

export const root = new URL("..", import.meta.url).pathname;
export const repositories = ["orderbook-api", "orderbook-ui"] as const;
export const approver = "U012AB3CD";

export interface BenchCloud {
  readonly cloud: LocalCloud;
  /** Invocations of functions, by full name. */
  readonly invocations: string[];
}

export async function startBenchCloud(options: {
  readonly clock: Clock;
  readonly approval: boolean;
}): Promise<BenchCloud> {
  const loaded = await shippedConfiguration();
  const configuration = options.approval
    ? loaded.configuration
    : withoutApproval(loaded.configuration);
  const template = await loadTemplate({ root, configuration });
  const invocations: string[] = [];
  const log = (record: Readonly<Record<string, unknown>>): void => {
    if (typeof record["function"] === "string") invocations.push(record["function"]);
  };
  const cloud = await createLocalCloud({
    configuration,
    podSpecs: loaded.podSpecs,
    template,
    root,
    clock: options.clock,
    log,
  });
  return { cloud, invocations };
}

export async function shippedConfiguration(): Promise<Project> {
  const loaded = await loadConfiguration({ root, config: "promoter.yml" });
  if (loaded.kind !== "ok") throw new Error(loaded.faults.map(({ message }) => message).join("\n"));
  return loaded;
}

function withoutApproval(configuration: Configuration): Configuration {
  const applications = Object.entries(configuration.applications).map(([name, application]) => {
    const environments = Object.entries(application.environments).map(([key, environment]) => [
      key,
      { ...environment, approval: undefined },
    ]);
    return [name, { ...application, environments: Object.fromEntries(environments) }];
  });
  return { ...configuration, applications: Object.fromEntries(applications) };
}

/**
 * Builds arrive under a tag of their own first, so that the scans are over when the dev tags start
 * a promotion.
 */
export async function pushBuilds(cloud: LocalCloud, version: string): Promise<void> {
  for (const repository of repositories) {
    await pushVersion(cloud, { repository, version, tag: `build-${version}` });
  }
}

export async function pushRelease(cloud: LocalCloud, version: string): Promise<void> {
  for (const repository of repositories) {
    await pushVersion(cloud, { repository, version, tag: `dev-${version}` });
  }
}

export async function pushVersion(
  { origin, registryCredentials }: LocalCloud,
  {
    repository,
    version,
    tag,
  }: { readonly repository: string; readonly version: string; readonly tag: string },
): Promise<void> {
  const image = buildImage({
    platform: { os: "linux", architecture: "amd64" },
    created: "2026-01-05T08:00:00Z",
    mediaTypes: "oci",
    files: { "app/version": `${repository} ${version}` },
  });
  await pushImage({ origin, repository, tag, image, credentials: registryCredentials });
}

export function newestExecution({ stepFunctions }: LocalCloud): string {
  return stepFunctions.executions.arns[0] ?? "";
}

export function hasEnded({ stepFunctions }: LocalCloud, executions: number): boolean {
  const { executions: book } = stepFunctions;
  const { arns } = book;
  const [last] = arns;
  return (
    arns.length >= executions &&
    last !== undefined &&
    /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(book.history(last).at(-1)?.type ?? "")
  );
}

/** States that an execution entered, in order. */
export function enteredStates({ stepFunctions }: LocalCloud, arn: string): readonly string[] {
  return stepFunctions.executions.history(arn).flatMap(({ type, details }) => {
    const [, name] = /"name":"(\w+)"/.exec(JSON.stringify(details)) ?? [];
    return type.endsWith("StateEntered") && name !== undefined ? [name] : [];
  });
}
