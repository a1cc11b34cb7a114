import { artifactsOf } from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import {
  contentHash,
  tagsOnly,
  type Difference,
  type Plan,
  type PlannedMember,
} from "../../domain/plan.ts";
import { noteOldValues } from "../../domain/pod-spec/configuration-hash.ts";
import { describeKept, describeWriters } from "../../domain/pod-spec/describe-change.ts";
import { limitStates } from "../../domain/pod-spec/differences.ts";
import { describePath } from "../../domain/pod-spec/field-path.ts";
import { describeRef, refOf } from "../../domain/pod-spec/object.ts";
import { pinnedMembers } from "../../domain/pod-spec/pinned-members.ts";
import { replicasRule } from "../../domain/pod-spec/scaled-replicas.ts";
import {
  substituteImages,
  type ImagePolicy,
  type Substitution,
} from "../../domain/pod-spec/substitute-images.ts";
import { memberName } from "../../domain/release.ts";
import type { CurrentRelease } from "../../ports/environments.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { catchRefusal } from "../cluster/catch-refusal.ts";
import { describeChanges } from "../cluster/describe-changes.ts";
import { dryRunObjects } from "../cluster/dry-run-objects.ts";
import { markConfiguration } from "../cluster/mark-configuration.ts";
import { placeObjects } from "../cluster/place-objects.ts";
import { readObjects, readObjectsNeeds } from "../cluster/read-objects.ts";
import {
  findEnvironment,
  environmentRemoved,
  type ConfiguredEnvironment,
} from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { end, endAs, go, step } from "../step/step.ts";

const needs = [
  ...readObjectsNeeds,
  "promotions.storePlan",
  "environments.readCurrent",
  "environments.configurationKey",
  "clusters.connect",
  "schemas.read",
] as const satisfies readonly Need[];

/** A promotion that is carried out shows fields alone: its plan is read at every look. */
const maxStatesLength = 1_000_000;

/**
 * Pins the images, dry-runs every object on the server, and stores the plan under its content hash.
 * Without a pod spec the plan is members and tags.
 */
export const preparePodSpec = step({
  name: "PreparePodSpec",
  needs,
  async run(promotion, ports) {
    const found = findEnvironment(await ports.configurations.read(), promotion);
    if ("unknown" in found) return endAs(environmentRemoved(found));
    const current = await ports.environments.readCurrent(promotion);
    const made = await makePlan({ promotion, found, current }, ports);
    if ("refusals" in made) return end("Refused", made.refusals);
    const result = await dryRunObjects(made.plan, found.environment.podSpec, ports);
    if ("refusals" in result) return end("Refused", result.refusals);
    const { takeovers } = result;
    const differences = limitStates(
      noteOldValues(result.differences, made.plan.objects),
      promotion.mode === "plan" ? maxStatesLength : 0,
    );
    const plan = { ...made.plan, takeovers, rules: [replicasRule] };
    const hash = contentHash(plan, ports.hash);
    await ports.promotions.storePlan(promotion.id, { hash, plan, differences });
    const change = { plan: hash, ...(current && { replaced: current.members }) };
    return promotion.mode === "plan"
      ? end("Planned", [describeChanges({ promotion, current, differences }, plan)], change)
      : go("prepared", { change, reasons: describeDifferences(plan, differences) });
  },
});

async function makePlan(
  {
    promotion,
    found,
    current,
  }: {
    readonly promotion: ResolvedPromotion;
    readonly found: ConfiguredEnvironment;
    readonly current: CurrentRelease | undefined;
  },
  ports: PortsFor<typeof needs>,
): Promise<{ readonly plan: Plan } | { readonly refusals: readonly string[] }> {
  const { application, environment, version, verdicts = [] } = promotion;
  const { podSpec } = found.environment;
  const members = plannedMembers(promotion);
  const read = await readObjects({ promotion, found }, ports);
  if ("refusals" in read) return read;
  const placed = podSpec
    ? await catchRefusal(async () => placeObjects(read.objects, podSpec, ports))
    : { value: [] };
  if ("refusal" in placed) return { refusals: [placed.refusal] };
  const artifacts = artifactsOf(found.application);
  const images = members.filter(({ repository }) => !artifacts.includes(repository));
  const policy = imagePolicy(images, found);
  const substituted = placed.value.map((object) => substituteImages(object, policy));
  const refusals = [
    ...substituted.flatMap(unpinned),
    ...(podSpec ? unusedMembers(substituted, images, found) : []),
  ];
  if (refusals.length > 0) return { refusals };
  const pinned = substituted.map(({ object }) => object);
  const objects = await markConfiguration(pinned, { promotion, podSpec }, ports);
  const plan = {
    application,
    environment,
    cluster: podSpec?.cluster,
    namespace: podSpec?.namespace,
    version,
    members,
    fromVersion: current?.version,
    ...(promotion.back ? { back: promotion.back } : {}),
    ...(found.environment.observe ? { observe: found.environment.observe } : {}),
    objects,
    verdicts: verdicts.map(({ rule, subject, kind }) => ({ rule, subject, kind })),
  };
  return { plan };
}

function plannedMembers({ id, members, tags = [] }: ResolvedPromotion): readonly PlannedMember[] {
  const tagsOf = new Map(tags.map((one) => [memberName(one), one]));
  return members.map((member) => {
    const found = tagsOf.get(memberName(member));
    if (!found) {
      throw new PromoterError(
        "NotAllowed",
        `promotion ${id} has no tags for ${memberName(member)}; CheckProductionTags comes first`,
      );
    }
    return { ...member, releaseTag: found.release?.tag, movingTag: found.moving?.tag };
  });
}

function imagePolicy(
  members: readonly PlannedMember[],
  { configuration: { registry, applications }, application, environment }: ConfiguredEnvironment,
): ImagePolicy {
  const digests = new Map(members.map((member) => [memberName(member), member.digest]));
  return {
    registry,
    application: application.name,
    members: pinnedMembers(application.name, Object.values(applications), ({ name }) =>
      digests.get(name),
    ),
    images: environment.podSpec?.images ?? "fields",
  };
}

/**
 * Packaging refuses all of these; but the members come from the record, and other objects may have
 * been deployed since.
 */
function unpinned({ object, problems }: Substitution): readonly string[] {
  const where = describeRef(refOf(object));
  return problems.map(
    ({ path, message, remedy }) => `${where}, ${describePath(path)}: ${message}; ${remedy}`,
  );
}

function unusedMembers(
  substituted: readonly Substitution[],
  members: readonly PlannedMember[],
  { application, environment }: ConfiguredEnvironment,
): readonly string[] {
  const used = new Set(substituted.flatMap(({ uses }) => uses));
  const unused = members.map(memberName).filter((name) => !used.has(name));
  const images = `the images of ${application.name} in promoter.yml`;
  return unused.map(
    (name) =>
      `no object of ${environment.name} uses ${name}; use it in an object, or remove it from ${images}`,
  );
}

function describeDifferences(
  { cluster }: Plan,
  differences: readonly Difference[],
): readonly string[] {
  return cluster === undefined ? [tagsOnly] : differences.map(describeDifference);
}

function describeDifference(difference: Difference): string {
  const { object, kind, fields, unchecked } = difference;
  const writers = describeWriters({ by: [...new Set(fields.flatMap(({ by = [] }) => by))] });
  const kept = describeKept(difference).map((text) => `; ${text}`);
  const words = {
    create: "is created",
    change: `changes in ${fields.length} field${fields.length === 1 ? "" : "s"}`,
    same: "is unchanged",
  }[kind];
  return `${object} ${words}${writers}${kept.join("")}${unchecked ? " (not yet checked by the server)" : ""}`;
}
