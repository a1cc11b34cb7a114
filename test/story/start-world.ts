import { onTestFinished } from "vitest";
import { createLocalCloud, type LocalCloud, type LocalCloudOptions } from "../../local/cloud.ts";
import { virtualClock, type VirtualClock } from "../../local/clock.ts";
import { buildImage, buildIndex, type BuiltImage, type BuiltIndex } from "../../local/ecr/builder/image-builder.ts";
import { pushImage } from "../../local/ecr/builder/push-image.ts";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { parseConfiguration } from "./shop.ts";
import type { Template } from "../../local/template/resolve-template.ts";
import type { ShownPromotion } from "../../src/promotion/show-promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/show-status.ts";

export interface StoryWorld {
  readonly cloud: LocalCloud;
  readonly clock: VirtualClock;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** Pushes a real image with the dev tag of the version; gives its digest. */
  push(repository: string, version: string, options?: PushOptions): Promise<string>;
  /** Pushes every member of the first application. */
  pushRelease(version: string, options?: PushOptions): Promise<void>;
  invoke(functionName: string, payload: object): Promise<unknown>;
  start(input: object, name?: string): Promise<string>;
  /** Ids of all executions, oldest first. */
  promotions(): readonly string[];
  show(promotion: string): Promise<ShownPromotion>;
  status(): Promise<ApplicationStatus>;
  /** Virtual time goes on until the promotion has ended; gives its ending. */
  ending(promotion?: string): Promise<string>;
  /** Virtual time goes on until people are asked about it. */
  asked(promotion?: string): Promise<ShownPromotion>;
  click(promotion: string, choice: "approve" | "reject", user?: string): Promise<void>;
  /** Virtual time goes on for so long. */
  pass(milliseconds: number): Promise<void>;
}

export interface PushOptions {
  /** Makes another digest of the same version. */
  readonly content?: string;
  readonly platforms?: readonly string[];
  readonly mediaTypes?: "oci" | "docker";
}

export interface WorldOptions extends Partial<Pick<LocalCloudOptions, "repositories" | "scanning">> {
  readonly yaml?: (text: string) => string;
  readonly changeTemplate?: (template: Template) => Template;
}

const root = new URL("../..", import.meta.url).pathname;

export async function startWorld({ yaml = (text) => text, changeTemplate = (template) => template, ...options }: WorldOptions = {}): Promise<StoryWorld> {
  const clock = virtualClock();
  const logs: Record<string, unknown>[] = [];
  const project = await parseConfiguration(yaml);
  const template = changeTemplate(await loadTemplate({ root, configuration: project.configuration, stage: "dev", ...project.configuration.registry }));
  const cloud = await createLocalCloud({ ...project, template, root, clock, log: (record) => void logs.push({ ...record }), random: () => 0.5, ...options });
  onTestFinished(() => cloud.close());
  return worldOf({ cloud, clock, logs, project });
}

interface Parts {
  readonly cloud: LocalCloud;
  readonly clock: VirtualClock;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  readonly project: Awaited<ReturnType<typeof parseConfiguration>>;
}

function worldOf({ cloud, clock, logs, project: { configuration } }: Parts): StoryWorld {
  const [application] = Object.values(configuration.applications);
  if (!application) throw new Error("a story needs an application");
  const promotions = (): readonly string[] => cloud.stepFunctions.executions.arns.map((arn) => arn.split(":").at(-1) ?? "");
  const newest = (): string => promotions().at(-1) ?? "";
  const invoke = async (functionName: string, payload: object): Promise<unknown> => {
    const reply = await cloud.lambda.invoke(`promoter-dev-${functionName}`, payload);
    if (reply.kind === "error") throw Object.assign(new Error(reply.errorMessage), { name: reply.errorType });
    return reply.payload;
  };
  const show = async (promotion: string): Promise<ShownPromotion> => (await invoke("show-promotion", { promotion })) as ShownPromotion;
  const world: StoryWorld = {
    cloud, clock, logs, promotions, invoke, show,
    async push(repository, version, push = {}) {
      const image = imageOf({ repository, version, ...push });
      const tag = `${application.source.tag.prefix}${version}${application.source.tag.suffix}`;
      const digest = await pushImage({ origin: cloud.origin, repository, tag, image, credentials: cloud.registryCredentials });
      await cloud.settle();
      return digest;
    },
    async pushRelease(version, push) {
      for (const repository of application.repositories) await world.push(repository, version, push);
    },
    async start(input, name = `m-${promotions().length + 1}`) {
      const machine = cloud.stack.stateMachines[0]?.arn ?? "";
      cloud.stepFunctions.start(machine, JSON.stringify(input), name);
      await cloud.settle();
      return name;
    },
    async status() {
      const [status] = (await invoke("show-status", {})) as readonly ApplicationStatus[];
      if (!status) throw new Error("no status");
      return status;
    },
    async ending(promotion = newest()) {
      await cloud.settle(async () => hasEnded(cloud, promotion));
      return (await show(promotion)).promotion.ending ?? "(none)";
    },
    async asked(promotion = newest()) {
      await cloud.settle(async () => hasEnded(cloud, promotion) || (await show(promotion)).approval?.state === "pending");
      return show(promotion);
    },
    async click(promotion, choice, user) {
      const { approval } = await show(promotion);
      if (!approval?.message) throw new Error(`nobody was asked about ${promotion}`);
      await cloud.slack.click({ user: user ?? approval.approvers[0] ?? "", channel: approval.message.channel, ts: approval.message.ts, actionId: `promoter_${choice}` });
      await cloud.settle();
    },
    async pass(milliseconds) {
      const end = clock.now() + milliseconds;
      await cloud.settle(() => (clock.next() ?? Infinity) > end);
      clock.advanceTo(end);
      await cloud.settle();
    },
  };
  return world;
}

function hasEnded(cloud: LocalCloud, promotion: string): boolean {
  const arn = cloud.stepFunctions.executions.arns.find((one) => one.endsWith(`:${promotion}`));
  const last = arn === undefined ? undefined : cloud.stepFunctions.executions.history(arn).at(-1);
  return last !== undefined && /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(last.type);
}

function imageOf({ repository, version, content = "", platforms = ["linux/amd64"], mediaTypes = "oci" }: PushOptions & { readonly repository: string; readonly version: string }): BuiltImage | BuiltIndex {
  const images = platforms.map((platform) => {
    const [os = "linux", architecture = "amd64"] = platform.split("/");
    return buildImage({ platform: { os, architecture }, created: "2026-01-05T08:00:00Z", mediaTypes, files: { "app/version": `${repository} ${version} ${platform} ${content}` } });
  });
  const [first] = images;
  return images.length > 1 || !first ? buildIndex(images, mediaTypes) : first;
}
