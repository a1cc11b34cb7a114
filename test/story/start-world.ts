import { SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import { virtualClock, type VirtualClock } from "@promoter/local-cloud/clock";
import type { LocalCloudOptions } from "@promoter/local-cloud/internal/cloud-options.ts";
import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import type { RecordedCall } from "@promoter/local-cloud/record";
import { onTestFinished, vi } from "vitest";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import type { Application } from "../../src/domain/configuration.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/operations/show-status.ts";
import { parseConfiguration, type ParsedProject, type ProjectFiles } from "./shop.ts";
import { storyImage, type PushOptions } from "./story-images.ts";

export interface StoryWorld {
  readonly cloud: LocalCloud;
  readonly clock: VirtualClock;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** Pushes a real image with the dev tag of the version; gives its digest. */
  push(repository: string, version: string, options?: PushOptions): Promise<string>;
  /** Pushes every member of the first application; gives the promotion that this started, if any. */
  pushRelease(version: string, options?: PushOptions): Promise<string>;
  invoke(functionName: string, payload: object): Promise<unknown>;
  /** Starts an execution by hand; gives its name. */
  start(input: object, name?: string): Promise<string>;
  /** Starts an execution by hand for the first application and its first environment. */
  promote(version: string, further?: object): Promise<string>;
  /** As StopExecution does in the console. */
  stop(promotion: string): Promise<void>;
  /** Ids of all executions, oldest first. */
  promotions(): readonly string[];
  show(promotion: string): Promise<ShownPromotion>;
  status(): Promise<ApplicationStatus>;
  /** Virtual time goes on until the promotion has ended; gives its ending. */
  ending(promotion?: string): Promise<string>;
  /** Why it ended, as one text. */
  reasons(promotion?: string): Promise<string>;
  /** Virtual time goes on until people are asked about it, or it has ended. */
  asked(promotion?: string): Promise<ShownPromotion>;
  click(promotion: string, choice: "approve" | "reject", user?: string): Promise<void>;
  /** Waits for the question, approves, and gives the ending. */
  approve(promotion?: string): Promise<string>;
  /** Virtual time goes on until it is so; throws when nothing happens any more. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Virtual time goes on for so long. */
  pass(milliseconds: number): Promise<void>;
  /** What a tag points at. */
  tagged(repository: string, tag: string): string | undefined;
  /** Writing calls of functions to the registry, the cluster and Slack since the calls were cleared. */
  writes(): readonly RecordedCall[];
  /** The stack is deployed again with other objects for the first environment. */
  redeploy(change: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[]): void;
}

export interface WorldOptions extends Partial<
  Pick<LocalCloudOptions, "repositories" | "scanning" | "people" | "real">
> {
  /** A clock that is shared with what lies outside of the cloud. */
  readonly clock?: VirtualClock;
  readonly yaml?: (text: string) => string;
  /** A project of its own instead of the shipped one. */
  readonly files?: ProjectFiles;
  /** Files beside those of the shipped project. */
  readonly further?: ProjectFiles;
  readonly changeTemplate?: (template: Template) => Template;
}

const root = new URL("../..", import.meta.url).pathname;

/**
 * A story is thousands of real requests on loopback; a busy machine may need longer than the usual
 * five seconds.
 */
vi.setConfig({ testTimeout: 60_000 });

export async function startWorld({
  yaml = (text) => text,
  files,
  further,
  changeTemplate = (template) => template,
  clock = virtualClock(),
  ...options
}: WorldOptions = {}): Promise<StoryWorld> {
  const logs: Record<string, unknown>[] = [];
  const project = await parseConfiguration(yaml, { files, further });
  const podSpecs = { ...project.podSpecs };
  const template = changeTemplate(
    await loadTemplate({ root, configuration: project.configuration }),
  );
  const cloud = await createLocalCloud({
    ...project,
    podSpecs,
    template,
    root,
    clock,
    log: (record) => void logs.push({ ...record }),
    random: () => 0.5,
    ...options,
  });
  onTestFinished(() => cloud.close());
  return worldOf({ cloud, clock, logs, project, podSpecs });
}

interface Parts {
  readonly cloud: LocalCloud;
  readonly clock: VirtualClock;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  readonly project: ParsedProject;
  readonly podSpecs: Record<string, readonly KubernetesObject[]>;
}

function worldOf({ cloud, clock, logs, project, podSpecs }: Parts): StoryWorld {
  const application = firstOf<Application>(project.configuration.applications);
  const environment = firstOf(application.environments);
  const promotions = (): readonly string[] =>
    cloud.stepFunctions.executions.arns
      .toSorted((one, other) => startOf(cloud, one) - startOf(cloud, other))
      .map(nameOf);
  const newest = (): string => promotions().at(-1) ?? "";
  const invoke = async (functionName: string, payload: object): Promise<unknown> => {
    const reply = await cloud.lambda.invoke(`promoter-dev-${functionName}`, payload);
    if (reply.kind === "error") {
      throw Object.assign(new Error(reply.errorMessage), { name: reply.errorType });
    }
    await cloud.settle();
    return reply.payload;
  };
  const show = async (promotion: string): Promise<ShownPromotion> =>
    (await invoke("show-promotion", { promotion })) as ShownPromotion;
  const world: StoryWorld = {
    cloud,
    clock,
    logs,
    promotions,
    invoke,
    show,
    async push(repository, version, push = {}) {
      const image = storyImage({ repository, version, ...push });
      const tag =
        push.tag ?? `${application.source.tag.prefix}${version}${application.source.tag.suffix}`;
      const digest = await pushImage({
        origin: cloud.origin,
        repository,
        ...(push.untagged ? {} : { tag }),
        image,
        credentials: cloud.registryCredentials,
      });
      await cloud.settle();
      return digest;
    },
    async pushRelease(version, push) {
      const known = promotions();
      for (const { repository, tag } of application.members) {
        await world.push(repository, version, {
          tag: `${tag.prefix}${version}${tag.suffix}`,
          ...push,
        });
      }
      return promotions().find((one) => !known.includes(one)) ?? "";
    },
    async start(input, name = `m-${promotions().length + 1}`) {
      const machine = cloud.stack.stateMachines[0]?.arn ?? "";
      cloud.stepFunctions.start(machine, JSON.stringify(input), name);
      await cloud.settle();
      return name;
    },
    promote: (version, further = {}) =>
      world.start({
        application: application.name,
        version,
        environment: environment.name,
        ...further,
      }),
    async stop(promotion) {
      const client = new SFNClient({
        region: project.configuration.registry.region,
        endpoint: cloud.origin,
        credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
      });
      await client.send(new StopExecutionCommand({ executionArn: arnOf(cloud, promotion) ?? "" }));
      await cloud.settle();
    },
    async status() {
      const [status] = (await invoke("show-status", {})) as readonly ApplicationStatus[];
      if (!status) throw new Error("no status");
      return status;
    },
    async ending(promotion = newest()) {
      await world.until(() => hasEnded(cloud, promotion));
      return (await show(promotion)).promotion.ending ?? "(none)";
    },
    async reasons(promotion = newest()) {
      return (await show(promotion)).promotion.reasons.join("\n");
    },
    async asked(promotion = newest()) {
      await world.until(
        async () =>
          hasEnded(cloud, promotion) || (await show(promotion)).approval?.state === "pending",
      );
      return show(promotion);
    },
    async click(promotion, choice, user) {
      const { approval } = await show(promotion);
      if (!approval?.message) throw new Error(`nobody was asked about ${promotion}`);
      await cloud.slack.click({
        user: user ?? approval.approvers[0] ?? "",
        channel: approval.message.channel,
        ts: approval.message.id,
        actionId: `promoter_${choice}`,
      });
      await cloud.settle();
    },
    async approve(promotion = newest()) {
      await world.asked(promotion);
      await world.click(promotion, "approve");
      return world.ending(promotion);
    },
    async until(isSo) {
      const end = clock.now() + maxStoryTime;
      await cloud.settle(async () => clock.now() > end || (await isSo()));
      if (!(await isSo())) throw new Error("a month went by, and it is still not so");
    },
    async pass(milliseconds) {
      const end = clock.now() + milliseconds;
      await cloud.settle(() => (clock.next() ?? Infinity) > end);
      clock.advanceTo(end);
      await cloud.settle();
    },
    tagged: (repository, tag) =>
      cloud.ecr.images(repository).find(({ tags }) => tags.includes(tag))?.digest,
    writes: () =>
      cloud.calls.calls.filter(
        ({ functionName, access, service }) =>
          functionName !== undefined &&
          access === "write" &&
          /^(ecr|slack|kubernetes)/.test(service),
      ),
    redeploy(change) {
      const key = `${application.name}/${environment.name}`;
      podSpecs[key] = change(podSpecs[key] ?? []);
    },
  };
  return world;
}

const maxStoryTime = 10 * 24 * 60 * 60_000;

function firstOf<Value>(values: Readonly<Record<string, Value>>): Value {
  const [first] = Object.values(values);
  if (first === undefined) throw new Error("a story needs an application with an environment");
  return first;
}

function arnOf(cloud: LocalCloud, promotion: string): string | undefined {
  return cloud.stepFunctions.executions.arns.find((one) => nameOf(one) === promotion);
}

function nameOf(arn: string): string {
  return arn.split(":").at(-1) ?? "";
}

function startOf(cloud: LocalCloud, arn: string): number {
  return cloud.stepFunctions.executions.history(arn)[0]?.timestamp ?? 0;
}

function hasEnded(cloud: LocalCloud, promotion: string): boolean {
  const arn = arnOf(cloud, promotion);
  const last = arn === undefined ? undefined : cloud.stepFunctions.executions.history(arn).at(-1);
  return last !== undefined && /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(last.type);
}
