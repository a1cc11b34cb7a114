import { PromoterError } from "../domain/errors.ts";
import type { Plan, PlannedMember } from "../domain/plan.ts";
import type { StoredManifest } from "../domain/image/stored-manifest.ts";
import type { Clock } from "../ports/clock.ts";
import type { Environments } from "../ports/environments.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { Promotions } from "../ports/promotions.ts";
import { whileWriting, type CheckTime } from "./claim-writing.ts";
import { resolvedPromotion } from "./open-promotion.ts";
import { writtenPlan } from "./written-plan.ts";
import type { StepResult } from "./step-result.ts";
import { assertNotRedriven, type WritingStepInput } from "./writing-step.ts";

export interface RetagImagesPorts {
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly registry: Pick<ImageRegistry, "readImage" | "putTag">;
  readonly clock: Clock;
}

/** Adds the release tag to every member. All are checked before the first is written; run again, it converges. Nothing is ever deleted. */
export async function retagImages(input: WritingStepInput, ports: RetagImagesPorts): Promise<StepResult<"tagged">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  const reasons = await whileWriting({ ...input, promotion, phase: "writing" }, ports, async (checkTime) => {
    const plan = await writtenPlan(promotion, ports);
    const checked = await checkAll(plan, { ...ports, checkTime });
    return tagAll(checked, { ...ports, checkTime });
  });
  await ports.promotions.update(promotion.id, { progress: "tagged" });
  return { outcome: "tagged", reasons };
}

type TagPorts = RetagImagesPorts & { readonly checkTime: CheckTime };
type Checked = readonly { readonly member: PlannedMember; readonly manifest: StoredManifest }[];

async function checkAll({ members }: Plan, { registry, checkTime }: TagPorts): Promise<Checked> {
  checkTime();
  return Promise.all(members.map(async (member) => {
    const { manifest, tags } = await registry.readImage(member, [member.releaseTag]);
    const found = tags.get(member.releaseTag);
    if (!manifest) throw new PromoterError("ImageMissing", `${member.repository}@${member.digest} is gone since it was verified; push it again under a new version`);
    if (found !== undefined && found !== member.digest) throw tagConflict(member, found);
    return { member, manifest };
  }));
}

function tagConflict({ repository, releaseTag, digest }: PlannedMember, found: string): PromoterError {
  return new PromoterError("TagConflict", `${repository}:${releaseTag} must be ${digest} but is ${found}; a release tag is never moved: give the images a new version, or, if that tag is a mistake, delete it in ECR and promote again`);
}

/** One after the other: ECR takes 10 PutImage a second, and a failure then leaves the rest untouched. */
async function tagAll(checked: Checked, { registry, checkTime }: TagPorts): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const { member, manifest } of checked) {
    checkTime();
    const outcome = await registry.putTag(member.repository, member.releaseTag, manifest);
    reasons.push(`${member.repository}:${member.releaseTag} ${outcome === "written" ? "written" : "was there"}: ${member.digest}`);
  }
  return reasons;
}
