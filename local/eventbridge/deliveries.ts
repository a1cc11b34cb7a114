import type { CloudContext } from "../service.ts";
import { afterFailure, type DeliveryResult, type ExhaustedCondition } from "./retry.ts";
import type { BusEvent, Rule, Target } from "./rule.ts";

/** Everything that leaves the bus for one target. */
export interface Delivery {
  readonly id: string;
  readonly event: BusEvent;
  readonly rule: string;
  readonly target: string;
  readonly attempts: number;
  readonly state: DeliveryState;
}

export type DeliveryState =
  | { readonly kind: "waiting"; readonly until: number; readonly error: DeliveryError | undefined }
  | { readonly kind: "running" }
  | { readonly kind: "delivered"; readonly at: number }
  | { readonly kind: "dead-lettered" | "lost"; readonly at: number; readonly error: DeliveryError };

interface DeliveryError {
  readonly code: string;
  readonly message: string;
}

/**
 * What an SQS queue receives for an event that could not be delivered: the event as it was, and
 * why.
 */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Deliver = (target: Target, payload: string) => Promise<DeliveryResult>;

export interface DeliveryOptions {
  readonly deliver: Deliver;
  readonly deadLetter: (queueArn: string, message: DeadLetter) => void | Promise<void>;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly newId: () => string;
}

export interface Deliveries {
  /** Sends soon, or when `delay` milliseconds have gone by. */
  start(
    job: { readonly event: BusEvent; readonly rule: Rule; readonly target: Target },
    delay: number,
  ): void;
  /** The most recent ones, oldest first. */
  list(): readonly Delivery[];
  close(): void;
}

interface Job {
  readonly id: string;
  readonly event: BusEvent;
  readonly rule: Rule;
  readonly target: Target;
  readonly firstAt: number;
  readonly retries: number;
}

export function createDeliveries(context: CloudContext, options: DeliveryOptions): Deliveries {
  const { clock } = context;
  const log = createDeliveryLog();
  const agenda = createAgenda(context);

  async function attempt(job: Job): Promise<void> {
    log.note(job, { kind: "running" });
    const result = await send(options.deliver, job);
    if (result.kind === "ok") return log.note(job, { kind: "delivered", at: clock.now() });
    const { retries, firstAt, target } = job;
    const failure = {
      retriable: result.retriable,
      firstAt,
      retries,
      now: clock.now(),
      policy: target.retryPolicy ?? {},
    };
    const next = afterFailure({ ...failure, jitter: options.random() });
    log.note(job, { kind: "waiting", until: next.at, error: result });
    agenda.plan(next.at, () =>
      next.kind === "retry"
        ? attempt({ ...job, retries: retries + 1 })
        : giveUp(job, result, next.condition),
    );
  }

  async function giveUp(
    job: Job,
    error: DeliveryError,
    condition: ExhaustedCondition | undefined,
  ): Promise<void> {
    const queue = job.target.deadLetterArn;
    const kept =
      queue !== undefined &&
      (await store(options.deadLetter, queue, deadLetterOf(job, error, condition)));
    log.note(job, { kind: kept ? "dead-lettered" : "lost", at: clock.now(), error });
  }

  return {
    start({ event, rule, target }, delay) {
      const now = clock.now();
      const job = { id: options.newId(), event, rule, target, firstAt: now, retries: 0 };
      log.note(job, { kind: "waiting", until: now + delay, error: undefined });
      agenda.plan(now + delay, () => attempt(job));
    },
    list: () => log.list(),
    close: () => agenda.close(),
  };
}

/** Status pages and tests look back; a cloud that stays up must not grow for ever. */
const maxRemembered = 1_000;

function createDeliveryLog(): {
  note(job: Job, state: DeliveryState): void;
  list(): readonly Delivery[];
} {
  const remembered = new Map<string, Delivery>();
  return {
    note({ id, event, rule, target, retries }, state) {
      const attempts = state.kind === "waiting" && state.error === undefined ? 0 : retries + 1;
      remembered.set(id, { id, event, rule: rule.name, target: target.arn, attempts, state });
      const [oldest] = remembered.keys();
      if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
    },
    list: () => [...remembered.values()],
  };
}

/**
 * While the clock has to move on nothing is counted as work; what is due now runs after the
 * caller's own turn.
 */
function createAgenda({ clock, track }: Pick<CloudContext, "clock" | "track">): {
  plan(at: number, work: () => Promise<void>): void;
  close(): void;
} {
  const timers = new Set<() => void>();
  return {
    plan(at, work) {
      if (at <= clock.now()) {
        return void track(new Promise<void>((resolve) => setImmediate(resolve)).then(work));
      }
      const cancel = clock.at(at, () => {
        timers.delete(cancel);
        void track(work());
      });
      timers.add(cancel);
    },
    close: () => timers.forEach((cancel) => cancel()),
  };
}

async function send(deliver: Deliver, { target, event }: Job): Promise<DeliveryResult> {
  try {
    return await deliver(target, JSON.stringify(event));
  } catch (error) {
    return { kind: "error", retriable: true, code: "INTERNAL_ERROR", message: String(error) };
  }
}

async function store(
  deadLetter: DeliveryOptions["deadLetter"],
  queue: string,
  message: DeadLetter,
): Promise<boolean> {
  try {
    await deadLetter(queue, message);
    return true;
  } catch {
    return false;
  }
}

/** Attributes as in user guide "eb-rule-dlq"; the condition is there only when it ended the retries. */
function deadLetterOf(
  { event, rule, target, retries }: Job,
  error: DeliveryError,
  condition: ExhaustedCondition | undefined,
): DeadLetter {
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: error.code,
    ERROR_MESSAGE: error.message,
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
    RETRY_ATTEMPTS: String(retries),
  };
  return { body: JSON.stringify(event), attributes };
}
