import { promoteCommand } from "../../domain/command-line.ts";
import type { Hash } from "../../domain/hash.ts";
import { changedImages, differencesFromFinal } from "../../domain/release.ts";
import { decide } from "../../domain/rules/decide.ts";
import type { ReleaseFacts, ImageFacts } from "../../domain/rules/facts.ts";
import { versionRefusal } from "../../domain/version-refusal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Promotions } from "../../ports/promotions.ts";
import type { Releases } from "../../ports/releases.ts";
import {
  findEnvironment,
  gone,
  neverPromotedTo,
  type Configured,
} from "../record/find-environment.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "../record/open-promotion.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "../record/step-result.ts";
import { verifiedPolicy } from "../record/verified-policy.ts";
import { readImageFacts, type ReadImageFactsPorts } from "../release/read-image-facts.ts";

export interface VerifyImagesPorts extends ReadImageFactsPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly releases: Releases;
  readonly environments: Environments;
  readonly clock: Clock;
  readonly hash: Hash;
}

const quarterOfAnHour = 15 * 60_000;

/**
 * Events may be lost, so nobody sleeps longer than this before looking again, after having waited
 * for so long. It grows, because each look takes a dozen of the 25,000 events that an execution may
 * have (Step Functions developer guide, "Service quotas").
 */
export function maxSleep(waited: number): number {
  return Math.min(24 * quarterOfAnHour, Math.max(quarterOfAnHour, waited / 12));
}

/** Notes the fence, gathers the facts about images and release, and lets the rules decide. */
export async function verifyImages(
  { promotion: id }: StepInput,
  ports: VerifyImagesPorts,
): Promise<StepResult<"verified" | "wait" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion);
  if (stop) return conclude(ports.promotions, promotion, stop);
  const now = ports.clock.now();
  const found = findEnvironment(await ports.configurations.read(), promotion);
  if ("unknown" in found) return conclude(ports.promotions, promotion, gone(found));
  const changed = imagesChanged(promotion, found) ?? (await notComeBy(promotion, found, ports));
  if (changed !== undefined) {
    return conclude(ports.promotions, promotion, { ending: "Refused", reasons: [changed] });
  }
  const { fence, unsettled } = await ports.environments.readLock(promotion);
  const images = await Promise.all(
    promotion.members.map((member) => readImageFacts({ member, promotion, found }, ports)),
  );
  const release = await releaseFacts(
    { promotion, found, images: images.map(({ facts }) => facts) },
    ports,
  );
  const decision = decide(
    { images: images.map(({ facts }) => facts), release: { ...release, unsettled } },
    found.environment.rules,
    { now, openedAt: promotion.openedAt },
  );
  const change = {
    fence,
    pushedAt: release.pushedAt,
    verifiedAt: now,
    verifiedUnder: verifiedPolicy(found, ports.hash),
    verdicts: decision.verdicts,
    tagsFound: Object.fromEntries(images.map(({ facts, tags }) => [facts.repository, tags])),
  };
  if (decision.kind === "refuse") {
    return conclude(ports.promotions, promotion, {
      ending: "Refused",
      reasons: decision.reasons,
      change,
    });
  }
  if (decision.kind === "promote" || promotion.mode === "plan") {
    await ports.promotions.update(id, change);
    return {
      outcome: "verified",
      reasons: decision.verdicts.map(({ rule, reason }) => `${rule}: ${reason}`),
    };
  }
  if (now >= decision.deadline) {
    return conclude(ports.promotions, promotion, {
      ending: "WaitExpired",
      reasons: decision.reasons,
      change,
    });
  }
  await ports.promotions.update(id, change);
  return {
    outcome: "wait",
    reasons: decision.reasons,
    seconds: secondsUntil(
      Math.min(decision.until, decision.deadline, now + maxSleep(now - promotion.openedAt)),
      now,
    ),
  };
}

/**
 * The stack may be deployed again while a promotion waits. Its set is fixed, so it can neither take
 * in an image nor leave one out.
 */
function imagesChanged(
  { application, environment, version, members }: ResolvedPromotion,
  { application: { repositories } }: Configured,
): string | undefined {
  const { missing, surplus } = changedImages(repositories, members);
  const changes = [
    ...missing.map((repository) => `${repository} was added to`),
    ...surplus.map((repository) => `${repository} was taken out of`),
  ];
  if (changes.length === 0) return undefined;
  return `${changes.join(", ")} the images of ${application} in promoter.yml while this promotion was under way; ${promoteCommand({ application, version, environment })} verifies the images of today, so that they go live together`;
}

/**
 * An environment may be put before this one meanwhile; what a promotion found before that has not
 * been there.
 */
async function notComeBy(
  { application, version, set, environment }: ResolvedPromotion,
  { environment: { after } }: Configured,
  { environments }: VerifyImagesPorts,
): Promise<string | undefined> {
  if (after === undefined) return undefined;
  const earlier = await environments.readPromoted({ application, environment: after }, version);
  if (!earlier) return neverPromotedTo(after, { application, version, environment });
  if (earlier.set === set) return undefined;
  return `other digests of ${application} ${version} were promoted to ${after}, which comes before ${environment}; ${promoteCommand({ application, version, environment })} takes those`;
}

interface Gathered {
  readonly promotion: ResolvedPromotion;
  readonly found: Configured;
  readonly images: readonly ImageFacts[];
}

async function releaseFacts(
  { promotion, found, images }: Gathered,
  { environments, releases }: VerifyImagesPorts,
): Promise<Omit<ReleaseFacts, "unsettled">> {
  const { application, environment, version, set, trigger } = promotion;
  const [current, hold, collected] = await Promise.all([
    environments.readCurrent(promotion),
    environments.readHold(promotion, set),
    releases.read(promotion),
  ]);
  const pushedAt = Math.max(
    0,
    ...images.map(({ state }) => (state.kind === "present" ? state.pushedAt : 0)),
  );
  return {
    application,
    environment,
    version,
    set,
    trigger,
    pushedAt,
    hold,
    order: found.application.source.order,
    final: collected?.final,
    rebuilt: differencesFromFinal(promotion.members, collected?.finalMembers),
    versionRefusal: versionRefusal(found, version),
    current: current && { ...current, versionRefusal: versionRefusal(found, current.version) },
  };
}
