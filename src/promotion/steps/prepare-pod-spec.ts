import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import type { Hash } from "../../domain/hash.ts";
import type { Difference, Plan, PlannedMember } from "../../domain/plan.ts";
import { contentHash } from "../../domain/plan.ts";
import { describePath } from "../../domain/pod-spec/field-path.ts";
import { describeRef, refOf } from "../../domain/pod-spec/object.ts";
import {
  substituteImages,
  type ImagePolicy,
  type Substitution,
} from "../../domain/pod-spec/substitute-images.ts";
import type { Clusters } from "../../ports/cluster.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { CurrentRelease, Environments } from "../../ports/environments.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { describeChanges } from "../cluster/describe-changes.ts";
import { dryRunObjects } from "../cluster/dry-run-objects.ts";
import { findEnvironment, gone, type Configured } from "../record/find-environment.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "../record/open-promotion.ts";
import { conclude, type StepInput, type StepResult } from "../record/step-result.ts";

export interface PreparePodSpecPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly environments: Pick<Environments, "readCurrent">;
  readonly clusters: Clusters;
  readonly hash: Hash;
}

/**
 * Pins the images, lets the server judge every object without changing anything, and stores the
 * plan under its content hash.
 */
export async function preparePodSpec(
  { promotion: id }: StepInput,
  ports: PreparePodSpecPorts,
): Promise<StepResult<"prepared" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion);
  if (stop) return conclude(ports.promotions, promotion, stop);
  const found = findEnvironment(await ports.configurations.read(), promotion);
  if ("unknown" in found) return conclude(ports.promotions, promotion, gone(found));
  const current = await ports.environments.readCurrent(promotion);
  const made = await makePlan({ promotion, found, current }, ports);
  if ("refusals" in made) {
    return conclude(ports.promotions, promotion, { ending: "Refused", reasons: made.refusals });
  }
  const { plan } = made;
  const differences = await judged(() =>
    dryRunObjects({ plan, podSpec: found.environment.podSpec }, ports),
  );
  if ("refusal" in differences) {
    return conclude(ports.promotions, promotion, {
      ending: "Refused",
      reasons: [differences.refusal],
    });
  }
  const hash = contentHash(plan, ports.hash);
  await ports.promotions.storePlan(id, { hash, plan, differences: differences.value });
  if (promotion.mode === "plan") {
    return conclude(ports.promotions, promotion, {
      ending: "Planned",
      reasons: [describeChanges({ promotion, current, differences: differences.value })],
      change: { plan: hash },
    });
  }
  await ports.promotions.update(id, { plan: hash });
  return { outcome: "prepared", reasons: differences.value.map(describeDifference) };
}

/**
 * What the server refuses is a refusal of the promotion, not a failure of ours; that it cannot be
 * reached stays an error.
 */
async function judged(
  work: () => Promise<readonly Difference[]>,
): Promise<{ readonly value: readonly Difference[] } | { readonly refusal: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (
      isPromoterError(error) &&
      (error.name === "ClusterRefused" || error.name === "FieldConflict")
    ) {
      return { refusal: error.message };
    }
    throw error;
  }
}

interface Planning {
  readonly promotion: ResolvedPromotion;
  readonly found: Configured;
  readonly current: CurrentRelease | undefined;
}

async function makePlan(
  { promotion, found, current }: Planning,
  ports: PreparePodSpecPorts,
): Promise<{ readonly plan: Plan } | { readonly refusals: readonly string[] }> {
  const { application, environment, version, verdicts = [] } = promotion;
  const { cluster, namespace } = found.environment.podSpec;
  const members = plannedMembers(promotion);
  const objects = await ports.configurations.podSpec(application, environment);
  const policy = imagePolicy(members, found);
  const substituted = objects.map((object) => substituteImages(object, policy));
  const refusals = [...substituted.flatMap(unpinned), ...unused(substituted, { members, found })];
  if (refusals.length > 0) return { refusals };
  const plan = {
    application,
    environment,
    cluster,
    namespace,
    version,
    members,
    fromVersion: current?.version,
    objects: substituted.map(({ object }) => object),
    verdicts: verdicts.map(({ rule, subject, kind }) => ({ rule, subject, kind })),
  };
  return { plan };
}

function plannedMembers({ id, members, tags = [] }: ResolvedPromotion): readonly PlannedMember[] {
  const tagsOf = new Map(tags.map((one) => [one.repository, one]));
  return members.map((member) => {
    const found = tagsOf.get(member.repository);
    if (!found) {
      throw new PromoterError(
        "NotAllowed",
        `promotion ${id} has no tags for ${member.repository}; CheckProductionTags comes first`,
      );
    }
    return { ...member, releaseTag: found.release.tag, movingTag: found.moving?.tag };
  });
}

function imagePolicy(
  members: readonly PlannedMember[],
  { configuration: { registry }, application, environment }: Configured,
): ImagePolicy {
  const versions = members.map(
    ({ repository, releaseTag, digest }) => [repository, { tag: releaseTag, digest }] as const,
  );
  return {
    registry,
    application: application.name,
    members: new Map(versions),
    images: environment.podSpec.images,
  };
}

/**
 * Packaging refuses all of it; but the members stand in the record, and the objects may have been
 * deployed since.
 */
function unpinned({ object, problems }: Substitution): readonly string[] {
  const where = describeRef(refOf(object));
  return problems.map(
    ({ path, message, remedy }) => `${where}, ${describePath(path)}: ${message}; ${remedy}`,
  );
}

interface Planned {
  readonly members: readonly PlannedMember[];
  readonly found: Configured;
}

function unused(
  substituted: readonly Substitution[],
  { members, found: { application, environment } }: Planned,
): readonly string[] {
  const used = new Set(substituted.flatMap(({ uses }) => uses));
  const idle = members.filter(({ repository }) => !used.has(repository));
  return idle.map(
    ({ repository }) =>
      `no object of ${environment.name} uses ${repository}; name it in the objects, or take it out of the images of ${application.name} in promoter.yml`,
  );
}

function describeDifference({ object, kind, fields, unchecked }: Difference): string {
  const words = {
    create: "is created",
    change: `changes in ${fields.length} field${fields.length === 1 ? "" : "s"}`,
    same: "stays as it is",
  }[kind];
  return `${object} ${words}${unchecked ? " (not yet checked by the server)" : ""}`;
}
