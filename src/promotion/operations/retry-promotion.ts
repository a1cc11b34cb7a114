import { cancelCommand, promoteCommand, retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Promotion, PromotionId } from "../../domain/promotion.ts";
import type { CollectedRelease } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { StepInput, StepResult } from "../record/step-result.ts";
import { task } from "../record/task.ts";
import { unknownPromotion } from "../record/unknown-promotion.ts";
import {
  inputOf,
  newestAttempt,
  startNext,
  type Start,
  startPromotionNeeds,
} from "../release/start-promotion.ts";

const needs = [...startPromotionNeeds, "releases.read"] as const satisfies readonly Need[];
type RetryPorts = PortsFor<typeof needs>;

export interface RetryInput extends StepInput {
  readonly requester?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Starts the next attempt to promote the very set of a promotion that ended: one, however often the
 * same call arrives. It is the newest attempt that can be tried again. Throws `NotFound`,
 * `NotAllowed`.
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
    if (!promotion.ending) {
      throw new PromoterError(
        "NotAllowed",
        `promotion ${id} has not ended yet; run ${cancelCommand(id)} first, or wait`,
      );
    }
    if (promotion.mode === "plan") {
      throw new PromoterError(
        "NotAllowed",
        `promotion ${id} was only a plan; ${promoteCommand(promotion)} carries it out`,
      );
    }
    const { environment, set } = promotion;
    if (set === undefined) {
      throw new PromoterError(
        "NotAllowed",
        `promotion ${id} never had a complete set of digests; push what is missing, then run ${promoteCommand(promotion)}`,
      );
    }
    const release = await collected(promotion, ports);
    const start: Start = {
      release,
      environment,
      set,
      repeated: false,
      retry: { requester, reason },
    };
    const newest = newestAttempt(start, ports.hash);
    const begun = newest === id ? "ended" : await lookAtNewest({ promotion, newest, start }, ports);
    return {
      outcome: "started",
      reasons: [begun === "ended" ? await next({ promotion, newest, start }, ports) : newest],
    };
  },
});

async function collected(
  promotion: Promotion,
  { releases }: RetryPorts,
): Promise<CollectedRelease> {
  const release = await releases.read(promotion);
  if (!release) {
    throw new PromoterError(
      "NotAllowed",
      `no push of ${promotion.application} ${promotion.version} was collected; ${promoteCommand(promotion)} promotes what the registry has`,
    );
  }
  return release;
}

interface Retrying {
  readonly promotion: Promotion;
  /** The newest attempt to promote the set. */
  readonly newest: PromotionId;
  readonly start: Start;
}

/**
 * Without a record the newest attempt is started, here or by an earlier call; where it died in its
 * first step, another one may follow.
 */
async function lookAtNewest(
  retrying: Retrying,
  { promotions, workflow }: RetryPorts,
): Promise<"started" | "ended"> {
  const { newest, start } = retrying;
  const known = await promotions.read(newest);
  if (known) return judge(retrying, known);
  if ((await workflow.start(newest, inputOf(start))) === "started") return "started";
  const status = await workflow.status(newest);
  const promotion = await promotions.read(newest);
  if (promotion) return judge(retrying, promotion);
  if (status === undefined || status === "running") throw stillOpen(retrying, newest);
  return "ended";
}

function judge(retrying: Retrying, newest: Promotion): "started" | "ended" {
  const {
    promotion,
    start: { retry },
  } = retrying;
  if (!newest.ending) {
    if (newest.requester === retry?.requester && newest.reason === retry?.reason) return "started";
    throw stillOpen(retrying, newest.id);
  }
  // A promotion that was started by hand may have come after the attempts that have names of their own.
  if (newest.openedAt < (promotion.closedAt ?? 0)) return "ended";
  throw new PromoterError(
    "NotAllowed",
    `promotion ${promotion.id} was already retried as ${newest.id}, which ended as ${newest.ending}; run ${retryCommand(newest.id)}`,
  );
}

/** Refuses who asks at the same moment as somebody else and comes second. */
async function next(retrying: Retrying, ports: RetryPorts): Promise<PromotionId> {
  const { kind, promotion } = await startNext(retrying.start, ports);
  if (kind !== "started") throw stillOpen(retrying, promotion);
  return promotion;
}

function stillOpen({ promotion }: Retrying, other: PromotionId): PromoterError {
  return new PromoterError(
    "NotAllowed",
    `promotion ${promotion.id} is already being retried: ${other} has not ended yet; run ${cancelCommand(other)} first, or wait`,
  );
}
