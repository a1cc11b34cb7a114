import { cancelCommand, promoteCommand, retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Promotion, PromotionId } from "../../domain/promotion.ts";
import type { CollectedRelease } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { unknownPromotion } from "../record/unknown-promotion.ts";
import {
  inputOf,
  newestAttempt,
  startNext,
  type Start,
  startPromotionNeeds,
} from "../release/start-promotion.ts";
import type { StepInput, StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";

const needs = [...startPromotionNeeds, "releases.read"] as const satisfies readonly Need[];
type RetryPorts = PortsFor<typeof needs>;

export interface RetryInput extends StepInput {
  readonly requester?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Starts the next attempt to promote the same set as a promotion that ended. Idempotent. Only the
 * newest attempt can be retried. Throws `NotFound`, `NotAllowed`.
 */
export const retryPromotion = task({
  name: "RetryPromotion",
  needs,
  async run(
    { promotion: id, requester = "unknown", reason }: RetryInput,
    ports,
  ): Promise<StepResult<"started">> {
    const promotion = await ports.promotions.read(id);
    if (!promotion) throw unknownPromotion(id);
    const set = setToRetry(promotion);
    const release = await collectedRelease(promotion, ports);
    const { environment } = promotion;
    const retry = { requester, reason };
    const start: Start = { release, environment, set, repeated: false, retry };
    const newest = newestAttempt(start, ports.hash);
    const attempt = { promotion, newest, start };
    const state = newest === id ? "ended" : await checkNewest(attempt, ports);
    const started = state === "ended" ? await startAnother(attempt, ports) : newest;
    return { outcome: "started", reasons: [started] };
  },
});

/** Throws `NotAllowed` for a promotion that cannot be retried. */
function setToRetry(promotion: Promotion): string {
  const { id, ending, mode, set } = promotion;
  if (!ending) {
    throw notAllowed(`promotion ${id} has not ended yet; run ${cancelCommand(id)} first, or wait`);
  }
  if (mode === "plan") {
    throw notAllowed(
      `promotion ${id} was only a plan; ${promoteCommand(promotion)} carries it out`,
    );
  }
  if (promotion.back) {
    throw notAllowed(`promotion ${id} went back; ${promoteCommand(promotion)} does so again`);
  }
  if (set === undefined) {
    const why = `promotion ${id} never had a complete set of digests`;
    throw notAllowed(`${why}; push what is missing, then run ${promoteCommand(promotion)}`);
  }
  return set;
}

function notAllowed(message: string): PromoterError {
  return new PromoterError("NotAllowed", message);
}

async function collectedRelease(
  promotion: Promotion,
  { releases }: RetryPorts,
): Promise<CollectedRelease> {
  const release = await releases.read(promotion);
  if (!release) {
    const why = `no push of ${promotion.application} ${promotion.version} was collected`;
    throw notAllowed(`${why}; ${promoteCommand(promotion)} promotes what the registry has`);
  }
  return release;
}

interface Retry {
  readonly promotion: Promotion;
  /** The newest attempt to promote the set. */
  readonly newest: PromotionId;
  readonly start: Start;
}

/**
 * Without a record the newest attempt is started, here or by an earlier call; where it died in its
 * first step, another one may follow.
 */
async function checkNewest(
  retry: Retry,
  { promotions, workflow }: RetryPorts,
): Promise<"started" | "ended"> {
  const { newest, start } = retry;
  const known = await promotions.read(newest);
  if (known) return assess(retry, known);
  if ((await workflow.start(newest, inputOf(start))) === "started") return "started";
  const status = await workflow.status(newest);
  const promotion = await promotions.read(newest);
  if (promotion) return assess(retry, promotion);
  if (status === undefined || status === "running") throw stillOpen(retry, newest);
  return "ended";
}

function assess(retry: Retry, newest: Promotion): "started" | "ended" {
  const { promotion, start } = retry;
  if (!newest.ending) {
    if (isSameRequest(newest, start.retry)) return "started";
    throw stillOpen(retry, newest.id);
  }
  // A promotion that was started by hand may be later than the numbered attempts.
  if (newest.openedAt < (promotion.closedAt ?? 0)) return "ended";
  const attempt = `${newest.id}, which ended as ${newest.ending}`;
  const why = `promotion ${promotion.id} was already retried as ${attempt}`;
  throw notAllowed(`${why}; run ${retryCommand(newest.id)}`);
}

function isSameRequest({ requester, reason }: Promotion, retry: Start["retry"]): boolean {
  return requester === retry?.requester && reason === retry?.reason;
}

/** Of two simultaneous requests the second is refused. */
async function startAnother(retry: Retry, ports: RetryPorts): Promise<PromotionId> {
  const { kind, promotion } = await startNext(retry.start, ports);
  if (kind !== "started") throw stillOpen(retry, promotion);
  return promotion;
}

function stillOpen({ promotion }: Retry, other: PromotionId): PromoterError {
  const why = `promotion ${promotion.id} is already being retried: ${other} has not ended yet`;
  return notAllowed(`${why}; run ${cancelCommand(other)} first, or wait`);
}
