import { promoteCommand } from "../../domain/command-line.ts";
import { changedImages, differencesFromFinal, memberName } from "../../domain/release.ts";
import { decide } from "../../domain/rules/decide.ts";
import type { ReleaseFacts, ImageFacts } from "../../domain/rules/facts.ts";
import { versionRefusal } from "../../domain/version-refusal.ts";
import { pinSet } from "../../ports/environments.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { PromotionChange } from "../../ports/promotions.ts";
import {
  findEnvironment,
  environmentRemoved,
  missingPredecessor,
  type ConfiguredEnvironment,
} from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { policyHash } from "../record/policy-hash.ts";
import { readImageFacts, readImageFactsNeeds } from "../release/read-image-facts.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, endAs, go, step, type Decision } from "../step/step.ts";

const needs = [
  ...readImageFactsNeeds,
  "releases.read",
  "environments.readLock",
  "environments.readCurrent",
  "environments.readHold",
  "environments.readPromoted",
] as const satisfies readonly Need[];
type VerifyImagesPorts = PortsFor<typeof needs>;

const quarterOfAnHour = 15 * 60_000;

/**
 * Events may be lost, so this is the longest sleep before the next check, by the time waited so
 * far. It grows, because each check takes a dozen of the 25,000 events that an execution may have
 * (Step Functions developer guide, "Service quotas").
 */
export function maxSleep(waited: number): number {
  return Math.min(24 * quarterOfAnHour, Math.max(quarterOfAnHour, waited / 12));
}

/** Notes the fence, gathers the facts about images and release, and lets the rules decide. */
export const verifyImages = step({
  name: "VerifyImages",
  needs,
  async run(promotion, ports) {
    // Whatever happens from here on may have been missed, and causes another check.
    const now = ports.clock.now();
    const found = findEnvironment(await ports.configurations.read(), promotion);
    if ("unknown" in found) return endAs(environmentRemoved(found));
    const objection =
      imagesChanged(promotion, found) ?? (await predecessorObjection(promotion, found, ports));
    if (objection !== undefined) return end("Refused", [objection]);
    const judged = promotion.back ? withoutScans(found) : found;
    const { fence, unsettled } = await ports.environments.readLock(promotion);
    const images = await Promise.all(
      promotion.members.map((member) =>
        readImageFacts({ member, promotion, found: judged }, ports),
      ),
    );
    const facts = images.map((image) => image.facts);
    const release = await releaseFacts({ promotion, found, images: facts }, ports);
    const decision = decide(
      { images: facts, release: { ...release, unsettled } },
      judged.environment.rules,
      { now, openedAt: promotion.openedAt },
    );
    const change = {
      fence,
      pushedAt: release.pushedAt,
      verifiedAt: now,
      verifiedUnder: policyHash(found, ports.hash),
      verdicts: decision.verdicts,
      tagsFound: Object.fromEntries(
        images.map(({ facts: image, tags }) => [memberName(image), tags]),
      ),
    };
    return outcomeOf(decision, promotion, change);
  },
});

function outcomeOf(
  decision: ReturnType<typeof decide>,
  { mode, openedAt }: ResolvedPromotion,
  change: PromotionChange & { readonly verifiedAt: number },
): Decision<"verified" | "wait"> {
  const { verifiedAt: now } = change;
  if (decision.kind === "refuse") return end("Refused", decision.reasons, change);
  if (decision.kind === "promote" || mode === "plan") {
    const reasons = decision.verdicts.map(({ rule, reason }) => `${rule}: ${reason}`);
    return go("verified", { reasons, change });
  }
  if (now >= decision.deadline) return end("WaitExpired", decision.reasons, change);
  const until = Math.min(decision.until, decision.deadline, now + maxSleep(now - openedAt));
  return go("wait", { reasons: decision.reasons, seconds: secondsUntil(until, now), change });
}

/**
 * What ran here was scanned before it came. A finding of today, or a scan that the registry has
 * forgotten, must not keep anybody from going back to it.
 */
function withoutScans(found: ConfiguredEnvironment): ConfiguredEnvironment {
  const { environment } = found;
  return {
    ...found,
    environment: { ...environment, rules: { ...environment.rules, scan: undefined } },
  };
}

/**
 * The stack may be deployed again while a promotion waits. Its set is fixed, so it can neither take
 * in an image nor leave one out.
 */
function imagesChanged(
  { application, environment, version, members }: ResolvedPromotion,
  { application: { members: sources } }: ConfiguredEnvironment,
): string | undefined {
  const { missing, surplus } = changedImages(sources, members);
  const changes = [
    ...missing.map((name) => `${name} was added to`),
    ...surplus.map((name) => `${name} was removed from`),
  ];
  if (changes.length === 0) return undefined;
  const what = `${changes.join(", ")} the images of ${application} in promoter.yml while this promotion was under way`;
  const command = promoteCommand({ application, version, environment });
  return `${what}; run ${command} to verify the current images, so that they go live together`;
}

/** promoter.yml may have put another environment before this one since the release was resolved. */
async function predecessorObjection(
  { application, version, set, environment, back }: ResolvedPromotion,
  { environment: { after } }: ConfiguredEnvironment,
  { environments }: VerifyImagesPorts,
): Promise<string | undefined> {
  if (after === undefined || back) return undefined;
  const earlier = await environments.readPromoted({ application, environment: after }, version);
  if (!earlier) return missingPredecessor(after, { application, version, environment });
  if (earlier.set === set) return undefined;
  const what = `other digests of ${application} ${version} were promoted to ${after}`;
  const command = promoteCommand({ application, version, environment });
  return `${what}, which comes before ${environment}; run ${command} to promote those`;
}

async function releaseFacts(
  {
    promotion,
    found,
    images,
  }: {
    readonly promotion: ResolvedPromotion;
    readonly found: ConfiguredEnvironment;
    readonly images: readonly ImageFacts[];
  },
  { environments, releases }: VerifyImagesPorts,
): Promise<Omit<ReleaseFacts, "unsettled">> {
  const { application, environment, version, set, trigger, back } = promotion;
  const [current, hold, pin, collected] = await Promise.all([
    environments.readCurrent(promotion),
    environments.readHold(promotion, set),
    environments.readHold(promotion, pinSet),
    releases.read(promotion),
  ]);
  const pushedAt = Math.max(
    0,
    ...images.map(({ state }) => ("pushedAt" in state ? state.pushedAt : 0)),
  );
  return {
    application,
    environment,
    version,
    set,
    trigger,
    back,
    pushedAt,
    hold,
    pin,
    order: found.application.source.order,
    takesRebuilds: found.environment.tags === undefined,
    final: collected?.final,
    rebuilt: differencesFromFinal(promotion.members, collected?.finalMembers),
    versionRefusal: versionRefusal(found, version),
    current: current && { ...current, versionRefusal: versionRefusal(found, current.version) },
  };
}
