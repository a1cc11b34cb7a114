import { PromoterError } from "../../domain/errors.ts";
import type { Plan, PlannedMember } from "../../domain/plan.ts";
import type { Environments } from "../../ports/environments.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { whileWriting, type CheckTime } from "../lock/claim-writing.ts";
import { assertNotRedriven, type WritingStepInput } from "../lock/writing-step.ts";
import { writtenPlan } from "../lock/written-plan.ts";
import { resolvedPromotion } from "../record/open-promotion.ts";
import { mapConcurrently } from "../record/run-concurrently.ts";
import type { StepResult } from "../record/step-result.ts";
import { putTags, type PutTagsPorts, type TagToPut } from "../release/put-tags.ts";

export interface RetagImagesPorts extends PutTagsPorts {
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly registry: Pick<ImageRegistry, "readImage" | "putTag">;
}

/**
 * Adds the release tag to every member. All are checked before the first is written; run again, it
 * converges. Nothing is ever deleted.
 */
export async function retagImages(
  input: WritingStepInput,
  ports: RetagImagesPorts,
): Promise<StepResult<"tagged">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  const reasons = await whileWriting(
    { ...input, promotion, phase: "writing" },
    ports,
    async (checkTime) => {
      const plan = await writtenPlan(promotion, ports);
      const tags = await checkAll(plan, { ...ports, checkTime });
      const written = await putTags(
        tags.filter(({ isThere }) => !isThere),
        { ...ports, checkTime },
      );
      return [
        ...tags.filter(({ isThere }) => isThere).map((one) => ({ ...one, outcome: "was-there" })),
        ...written,
      ].map(
        ({ repository, tag, manifest: { digest }, outcome }) =>
          `${repository}:${tag} ${outcome === "written" ? "written" : "was there"}: ${digest}`,
      );
    },
  );
  await ports.promotions.update(promotion.id, { progress: "tagged" });
  return { outcome: "tagged", reasons };
}

/** What an earlier try has put stays, so that each try gets further. */
interface CheckedTag extends TagToPut {
  readonly isThere: boolean;
}

async function checkAll(
  { members }: Plan,
  { registry, checkTime }: RetagImagesPorts & { readonly checkTime: CheckTime },
): Promise<readonly CheckedTag[]> {
  checkTime();
  return mapConcurrently(members, (member) => checked(member, registry));
}

async function checked(
  member: PlannedMember,
  registry: RetagImagesPorts["registry"],
): Promise<CheckedTag> {
  const { repository, digest, releaseTag: tag } = member;
  const { manifest, tags } = await registry.readImage(member, [tag]);
  const found = tags.get(tag);
  if (!manifest) {
    throw new PromoterError(
      "ImageMissing",
      `${repository}@${digest} is gone since it was verified; push it again under a new version`,
    );
  }
  if (found !== undefined && found !== digest) throw tagConflict(member, found);
  return { repository, tag, manifest, isThere: found === digest };
}

function tagConflict(
  { repository, releaseTag, digest }: PlannedMember,
  found: string,
): PromoterError {
  return new PromoterError(
    "TagConflict",
    `${repository}:${releaseTag} must be ${digest} but is ${found}; a release tag is never moved: give the images a new version, or, if that tag is a mistake, delete it in ECR and promote again`,
  );
}
