import { promoteCommand } from "../../domain/command-line.ts";
import { formatTime } from "../../domain/format-time.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { setHash } from "../../domain/release.ts";
import { isValidVersion, versionExamples, type VersionOrder } from "../../domain/version-order.ts";
import {
  parseWorkflowRequest,
  unreadName,
  type WorkflowRequest,
} from "../../domain/workflow-request.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { findEnvironment, type ConfiguredEnvironment } from "../record/find-environment.ts";
import { openPromotion, pendingConclusion } from "../record/open-promotion.ts";
import { findMembers, findMembersNeeds } from "../release/find-members.ts";
import { secondsUntil, type StepInput } from "../step/step-result.ts";
import { carryOut, end, endAs, go, outerStep, type Decision } from "../step/step.ts";

export interface ResolveReleaseInput extends StepInput {
  /** ARN and start time (ISO 8601) of the execution, from the context object. */
  readonly execution: string;
  readonly startedAt: string;
  /** The input of the execution, unchecked. */
  readonly input: unknown;
}

const needs = [
  ...findMembersNeeds,
  "openWork.add",
  "promotions.open",
  "promotions.read",
  "promotions.update",
] as const satisfies readonly Need[];
type ResolveReleasePorts = PortsFor<typeof needs>;

/**
 * Opens the record of the promotion and finds a digest for every member: from here on only digests
 * are carried.
 */
export const resolveRelease = outerStep({
  name: "ResolveRelease",
  needs,
  async run(input: ResolveReleaseInput, ports) {
    const parsed = parseWorkflowRequest(input.input);
    const promotion = await open(input, "request" in parsed ? parsed.request : parsed.named, ports);
    const stop = pendingConclusion(promotion);
    const decision = stop ? endAs(stop) : await decide(promotion, parsed, ports);
    return carryOut(promotion, decision, ports);
  },
});

async function decide(
  promotion: Promotion,
  parsed: ReturnType<typeof parseWorkflowRequest>,
  ports: ResolveReleasePorts,
): Promise<Decision<"resolved" | "settling">> {
  if ("faults" in parsed) return end("Refused", parsed.faults);
  const found = findEnvironment(await ports.configurations.read(), promotion);
  if ("unknown" in found) return end("Refused", [found.unknown]);
  return resolve(promotion, { request: parsed.request, found }, ports);
}

async function open(
  input: ResolveReleaseInput,
  request: Partial<WorkflowRequest>,
  { promotions, openWork }: ResolveReleasePorts,
): Promise<Promotion> {
  const opened = newPromotion(input, request);
  const work = {
    kind: "promotion",
    id: opened.id,
    environment: opened.environment,
    version: opened.version,
    since: opened.openedAt,
  } as const;
  await openWork.add(opened.application, work);
  await promotions.open(opened);
  return openPromotion(promotions, input.promotion);
}

/**
 * What the input names, as far as it could be read, so that its promotion can be found. A push
 * always names the set and never a person; everything else was started by a person.
 */
function newPromotion(
  { promotion, execution, startedAt }: ResolveReleaseInput,
  request: Partial<WorkflowRequest>,
): Promotion {
  const {
    application = unreadName,
    environment = unreadName,
    version = unreadName,
    mode = "promote",
    requester,
    reason,
    set,
    back,
  } = request;
  return {
    id: promotion,
    application,
    environment,
    version,
    mode,
    requester,
    reason,
    execution,
    openedAt: Date.parse(startedAt),
    trigger: set !== undefined && requester === undefined && !back ? "push" : "person",
    ...(back ? { back } : {}),
    members: undefined,
    set: undefined,
    fence: undefined,
    verdicts: undefined,
    tags: undefined,
    tagsFound: undefined,
    verifiedAt: undefined,
    nudgedAt: undefined,
    pushedAt: undefined,
    plan: undefined,
    rounds: [],
    entered: false,
    cancel: undefined,
    progress: "none",
    trouble: undefined,
    conclusion: undefined,
    ending: undefined,
    reasons: [],
    closedAt: undefined,
    announced: false,
  };
}

async function resolve(
  promotion: Promotion,
  { request, found }: { readonly request: WorkflowRequest; readonly found: ConfiguredEnvironment },
  ports: ResolveReleasePorts,
): Promise<Decision<"resolved" | "settling">> {
  const { order } = found.application.source;
  if (!isValidVersion(order, promotion.version)) {
    return end("Refused", [invalidVersion(promotion, order)]);
  }
  const members = await findMembers({ promotion, found }, ports);
  switch (members.kind) {
    case "unknown":
      return end("Refused", members.reasons);
    case "incomplete":
      return end("Incomplete", [
        `${promotion.application} ${promotion.version} is incomplete: ${members.why}`,
      ]);
    case "settling":
      return go("settling", {
        seconds: secondsUntil(members.until, ports.clock.now()),
        reasons: [
          `the version was rebuilt; it has to stay unchanged until ${formatTime(members.until)}`,
        ],
      });
    case "found":
      break;
  }
  const set = setHash(members.members, ports.hash);
  if (request.set !== undefined && request.set !== set) {
    return end("Superseded", [otherDigests(promotion)]);
  }
  return go("resolved", {
    change: { members: members.members, set },
    reasons: members.members.map(({ repository, digest }) => `${repository}@${digest}`),
  });
}

function invalidVersion({ application, version }: Promotion, order: VersionOrder): string {
  const why = `"${version}" is not a valid ${order} version`;
  const example = `use one such as ${versionExamples[order]}`;
  return `${why}, and promoter.yml orders ${application} by ${order}: ${example}`;
}

function otherDigests(promotion: Promotion): string {
  const cause = `${promotion.version} was rebuilt, or promoter.yml now has other images`;
  const effect = "the digests are no longer the ones that started this promotion";
  return `${cause}: ${effect}; run ${promoteCommand(promotion)} to promote the current ones`;
}
