import type { Configuration } from "../../domain/configuration.ts";
import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import {
  classifyPush,
  targetApplications,
  type PushEvent,
  type PushClass,
  type PushTarget,
} from "../../domain/image/push-event.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { CollectedRelease } from "../../domain/release.ts";
import { declinedReason } from "../../domain/version-refusal.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { startPromotionNeeds } from "../release/start-promotion.ts";
import { startRelease } from "../release/start-release.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { isVotePointless } from "../wait/wake-conditions.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

const needs = [
  ...startPromotionNeeds,
  ...wakeNeeds,
  "releases.collect",
  "openWork.add",
  "openWork.list",
  "ignoredPushes.note",
] as const satisfies readonly Need[];
type OnImagePushPorts = PortsFor<typeof needs>;

/** `declined`: the set is complete, and no environment accepts this version. */
export type PushOutcome = "ignored" | "collected" | "declined" | "started";

/**
 * Collects the pushed member; the one that completes the set starts the promotion. Everything else
 * is ignored with a reason.
 */
export const onImagePush = task({
  name: "OnImagePush",
  needs,
  async run(event: PushEvent, ports): Promise<StepResult<PushOutcome>> {
    const configuration = await ports.configurations.read();
    const push = classifyPush(event, configuration);
    const { unheeded, ...result } =
      push.kind === "ignored"
        ? { outcome: push.kind, reasons: [push.reason], unheeded: [push.reason] }
        : await collect(event, { push, configuration }, ports);
    const isPartly = result.outcome === "started";
    for (const { application, tagOf } of targetApplications(event, configuration)) {
      const isOurs = tagOf !== undefined && (await isUnderWay({ application }, tagOf, ports));
      if (unheeded.length === 0 || isOurs) continue;
      await noteIgnored(application, { event, reason: unheeded.join("; "), isPartly }, ports);
    }
    return result;
  },
});

/** A production tag that is pushed while its promotion is under way comes from that promotion. */
async function isUnderWay(
  { application }: Pick<PushTarget, "application">,
  { environment, version }: NonNullable<PushTarget["tagOf"]>,
  { openWork }: OnImagePushPorts,
): Promise<boolean> {
  return (await openWork.list(application)).some(
    (work) =>
      work.kind === "promotion" && work.environment === environment && work.version === version,
  );
}

interface IgnoredEvent {
  readonly event: PushEvent;
  readonly reason: string;
  /** Some environment accepted it. */
  readonly isPartly: boolean;
}

/** For `status`. If it cannot be stored, the event is not handled again: the log has the reason too. */
async function noteIgnored(
  application: string,
  { event: { repository, tag, time }, reason, isPartly }: IgnoredEvent,
  { ignoredPushes }: OnImagePushPorts,
): Promise<void> {
  await ignoredPushes
    .note(application, {
      repository,
      tag,
      at: Date.parse(time),
      reason,
      ...(isPartly ? { isPartly } : {}),
    })
    .catch((error: unknown) => {
      if (!isPromoterError(error)) throw error;
    });
}

async function collect(
  event: PushEvent,
  {
    push,
    configuration,
  }: {
    readonly push: Extract<PushClass, { kind: "member" }>;
    readonly configuration: Configuration;
  },
  ports: OnImagePushPorts,
): Promise<StepResult<Exclude<PushOutcome, "ignored">> & { readonly unheeded: readonly string[] }> {
  const application = lookUp(configuration.applications, push.application);
  if (!application) {
    throw new PromoterError("NotFound", `there is no application ${push.application}`);
  }
  const now = ports.clock.now();
  await ports.openWork.add(push.application, {
    kind: "release",
    version: push.version,
    since: now,
  });
  const { member, repository, digest } = push;
  const collected = await ports.releases.collect(push, {
    ...(member === repository ? {} : { name: member }),
    repository,
    digest,
    pushedAt: Date.parse(event.time),
    event: event.id,
    settle: application.source.settle,
    now,
  });
  const start = await startRelease({ application, ...collected }, ports);
  // A handler that had counted the push before may have died before it woke anything.
  if (collected.changed || collected.repeated) await wakeVotes(collected.release, ports);
  const name = `${push.application} ${push.version}`;
  if (start.kind === "incomplete") {
    const missing = `${start.missing.join(", ")} ${start.missing.length > 1 ? "are" : "is"} missing`;
    return { outcome: "collected", reasons: [`${name} is incomplete: ${missing}`], unheeded: [] };
  }
  const started = start.started.map(
    ({ kind, promotion }) =>
      `${name}: ${kind === "started" ? "started" : "already known as"} ${promotion}`,
  );
  const unheeded = start.declined.map((refusal) => declinedReason(name, refusal));
  return {
    outcome: started.length > 0 ? "started" : "declined",
    reasons: [...started, ...unheeded],
    unheeded,
  };
}

/**
 * Approvers need not decide about digests that can no longer be promoted; the other waits check
 * again by themselves before approval is requested.
 */
async function wakeVotes(release: CollectedRelease, ports: OnImagePushPorts): Promise<void> {
  const open = (await ports.openWork.list(release.application)).flatMap((work) =>
    work.kind === "promotion" && work.version === release.version ? [work.id] : [],
  );
  for (const id of open) {
    const promotion = await ports.promotions.read(id);
    if (promotion && isVotePointless(promotion, release)) await wake(ports, id, ["vote"]);
  }
}
