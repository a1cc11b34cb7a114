import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import { virtualClock, type VirtualClock } from "@promoter/local-cloud/clock";
import { buildImage } from "@promoter/local-cloud/image-builder";
import { pushImage } from "@promoter/local-cloud/push-image";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { parseConfiguration } from "../story/shop.ts";
import type { Scenario } from "./fault-case.ts";
import { liveQuestions } from "./live-questions.ts";

export const repositories = ["orderbook-api", "orderbook-ui"] as const;
export const oldVersion = "1.4.1";
export const newVersion = "1.4.2";

/** A world for one case: no test framework, so that hundreds of them come and go in one test. */
export interface FaultWorld {
  readonly cloud: LocalCloud;
  readonly clock: VirtualClock;
  /** Repository to the digest that the release's tag must hold. */
  digests(version: string): ReadonlyMap<string, string>;
  /**
   * Pushes every member, clicks as an approver until it counts, and lets virtual time go on until
   * nothing runs any more.
   */
  promote(version: string): Promise<void>;
  pass(milliseconds: number): Promise<void>;
  invoke(functionName: string, payload: object): Promise<unknown>;
  /** Oldest first. */
  executions(): readonly ExecutionSeen[];
}

export interface ExecutionSeen {
  readonly arn: string;
  readonly id: string;
  /** undefined: it runs. */
  readonly ended: string | undefined;
}

/** More than every retry of a step together, less than an approval waits. */
const maxRunTime = 60 * 60_000;
const maxClicks = 5;

const projects = new Map<string, ReturnType<typeof loadProject>>();
const root = new URL("../..", import.meta.url).pathname;

async function loadProject(
  change: (yaml: string) => string,
): Promise<
  Pick<Parameters<typeof createLocalCloud>[0], "configuration" | "podSpecs" | "template">
> {
  const project = await parseConfiguration(change);
  return {
    ...project,
    template: await loadTemplate({ root, configuration: project.configuration }),
  };
}

const withoutApproval = (yaml: string): string => yaml.replace(/^ +approval: .*\n/m, "");
const withObservation = (yaml: string): string =>
  yaml.replace(/^( +)podSpec:/m, "$1observe: { for: 1m }\n$1podSpec:");

export async function startFaultWorld({
  approval,
  again,
  stalls,
  observed,
}: Scenario): Promise<FaultWorld> {
  const changes = [...(approval ? [] : [withoutApproval]), ...(observed ? [withObservation] : [])];
  const key = `${approval} ${observed === true}`;
  const project =
    projects.get(key) ??
    loadProject((yaml) => changes.reduce((text, change) => change(text), yaml));
  projects.set(key, project);
  const clock = virtualClock();
  const cloud = await createLocalCloud({ ...(await project), root, clock, random: () => 0.5 });
  const world = worldOf(cloud, clock);
  if (again) await world.promote(oldVersion);
  if (stalls) {
    for (const cluster of cloud.clusters.values()) {
      cluster.behave(`${repositories[1]}:dev-${newVersion}`, { kind: "never-ready" });
    }
  }
  cloud.calls.clear();
  return world;
}

function worldOf(cloud: LocalCloud, clock: VirtualClock): FaultWorld {
  const pushed = new Map<string, ReadonlyMap<string, string>>();
  const executions = (): readonly ExecutionSeen[] =>
    cloud.stepFunctions.executions.arns
      .toReversed()
      .map((arn) => ({ arn, id: arn.split(":").at(-1) ?? "", ended: endingOf(cloud, arn) }));
  return {
    cloud,
    clock,
    executions,
    digests: (version) => pushed.get(version) ?? new Map(),
    async promote(version) {
      pushed.set(version, await pushRelease(cloud, version));
      await carryThrough({ cloud, clock, executions, expected: pushed.size });
    },
    pass: (milliseconds) => passTime({ cloud, clock }, milliseconds),
    async invoke(functionName, payload) {
      const reply = await cloud.lambda.invoke(`promoter-dev-${functionName}`, payload);
      if (reply.kind === "error") {
        throw Object.assign(new Error(reply.errorMessage), { name: reply.errorType });
      }
      return reply.payload;
    },
  };
}

async function pushRelease(
  cloud: LocalCloud,
  version: string,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const repository of repositories) {
    const image = buildImage({
      platform: { os: "linux", architecture: "amd64" },
      created: "2026-01-05T08:00:00Z",
      mediaTypes: "oci",
      files: { "app/version": `${repository} ${version}` },
    });
    digests.set(
      repository,
      await pushImage({
        origin: cloud.origin,
        repository,
        tag: `dev-${version}`,
        image,
        credentials: cloud.registryCredentials,
      }),
    );
    await cloud.settle();
  }
  return digests;
}

/** A person answers after a minute, and clicks again when that came to nothing. */
async function carryThrough({
  cloud,
  clock,
  executions,
  expected,
}: Pick<FaultWorld, "cloud" | "clock" | "executions"> & {
  readonly expected: number;
}): Promise<void> {
  const limit = clock.now() + maxRunTime;
  const rest = (): boolean =>
    clock.now() >= limit ||
    (executions().length >= expected && executions().every(({ ended }) => ended !== undefined));
  for (let clicks = 0; clicks < maxClicks && !rest(); clicks += 1) {
    await cloud.settle(() => rest() || liveQuestions(cloud).length > 0);
    await passTime({ cloud, clock }, 60_000);
    const question = liveQuestions(cloud).at(-1);
    if (!question) continue;
    await cloud.slack.click({ user: "U012AB3CD", ...question, actionId: "promoter_approve" });
    await passTime({ cloud, clock }, 10 * 60_000);
  }
  await cloud.settle(rest);
}

async function passTime(
  { cloud, clock }: Pick<FaultWorld, "cloud" | "clock">,
  milliseconds: number,
): Promise<void> {
  const end = clock.now() + milliseconds;
  await cloud.settle(() => (clock.next() ?? Infinity) > end);
  clock.advanceTo(end);
  await cloud.settle();
}

function endingOf(cloud: LocalCloud, arn: string): string | undefined {
  const type = cloud.stepFunctions.executions.history(arn).at(-1)?.type ?? "";
  return /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.exec(type)?.[1];
}
