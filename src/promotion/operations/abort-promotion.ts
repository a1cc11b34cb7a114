import { promoteCommand, showCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import { describeAbort, type Abort, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { noteRequest } from "../record/note-request.ts";
import { unknownPromotion } from "../record/unknown-promotion.ts";
import type { StepInput, StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

export interface AbortInput extends StepInput {
  readonly by: string;
  readonly reason?: string | undefined;
}

const needs = [
  ...wakeNeeds,
  "promotions.read",
  "promotions.readPlan",
  "promotions.markAborted",
  "trail.append",
] as const satisfies readonly Need[];
type AbortPorts = PortsFor<typeof needs>;

/**
 * Stops a promotion whatever it does, until its release is what runs: before the first write it
 * ends as `Cancelled`, after that it goes back at the next look and ends as `RolledBack`. Only the
 * record is marked, and the table decides whether that was in time; so it does not matter whether
 * the writing begins meanwhile. Idempotent. Throws `NotAllowed` when it is too late, `NotFound`.
 */
export const abortPromotion = task({
  name: "AbortPromotion",
  needs,
  async run({ promotion: id, by, reason }: AbortInput, ports): Promise<StepResult<"aborted">> {
    const promotion = await ports.promotions.read(id);
    if (!promotion) throw unknownPromotion(id);
    const stopped = await mark(
      promotion,
      { by, ...(reason === undefined ? {} : { reason }) },
      ports,
    );
    // Only what waits before the first write has a wait; a rollout is looked at by itself.
    await wake(ports, id);
    return { outcome: "aborted", reasons: [describe(stopped)] };
  },
});

/** The trail names who asked for it before it takes effect. */
async function mark(
  promotion: Promotion,
  request: Omit<Abort, "at">,
  ports: AbortPorts,
): Promise<Promotion> {
  if (promotion.abort && promotion.ending === undefined) return promotion;
  const { id } = promotion;
  if (tooLate(promotion) !== undefined) throw await refusal(promotion, ports);
  const { by } = request;
  const asked = [describeAbort(request)];
  const entry = { step: "AbortPromotion", subject: by, by, outcome: "asked", reasons: asked };
  await noteRequest(id, entry, ports);
  const marked = await ports.promotions.markAborted(id, { ...request, at: ports.clock.now() });
  if (marked) return marked;
  throw await refusal((await ports.promotions.read(id)) ?? promotion, ports);
}

/** With the way back where its release is what runs. */
async function refusal(promotion: Promotion, ports: AbortPorts): Promise<PromoterError> {
  const { id, plan: hash, version } = promotion;
  const why = tooLate(promotion) ?? `promotion ${id} changed meanwhile; see ${showCommand(id)}`;
  const isRunning = promotion.progress === "rolled-out" && hash !== undefined;
  const before = isRunning
    ? (await ports.promotions.readPlan(id, hash))?.plan.fromVersion
    : undefined;
  if (before === undefined || before === version) return new PromoterError("NotAllowed", why);
  const back = promoteCommand({ ...promotion, version: before, back: true });
  return new PromoterError("NotAllowed", `${why}; ${back} goes back to what ran before`);
}

/** What has become of it, where nothing is left to abort. */
function tooLate({ id, ending, conclusion, progress, version }: Promotion): string | undefined {
  if (ending) return `promotion ${id} has already ended as ${ending}`;
  if (conclusion) return `promotion ${id} is about to end as ${conclusion.ending}`;
  if (progress === "rolled-out") {
    return `it is too late to abort promotion ${id}: ${version} is rolled out`;
  }
  const isGoingBack = progress === "rolling-back" || progress === "rolled-back";
  return isGoingBack ? `promotion ${id} is already being rolled back` : undefined;
}

function describe(promotion: Promotion): string {
  const { id, application, version, environment, abort, progress } = promotion;
  const what = `${application} ${version} to ${environment} was ${abort ? describeAbort(abort) : "aborted"}`;
  const then =
    progress === "none"
      ? "nothing is written yet, so nothing will be"
      : "what ran before comes back at the next look, within a minute as a rule";
  return `${what}; ${then}: see ${showCommand(id)}`;
}
