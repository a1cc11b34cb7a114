import { cutOff, maxTextLength } from "./bounded.ts";
import { printable } from "./printable.ts";

/**
 * Every error name that leaves this program, and whether trying again later can help. Closed on
 * purpose: the state machine, the alarms and the tests know these names. A name is a string
 * literal, never a class name, because a minifier renames classes and Step Functions matches
 * `error.name`.
 */
export const errorTable = {
  /** What came in does not have the form we accept. */
  InvalidInput: { retryable: false },
  /** `promoter.yml` or a pod spec is wrong; packaging should have refused it. */
  InvalidConfiguration: { retryable: false },
  /** ECR throttled us, timed out or failed on its side. */
  RegistryUnavailable: { retryable: true },
  /** ECR refused a request: permission, missing repository, limit. */
  RegistryRefused: { retryable: false },
  /** An image that was there when verified is gone. */
  ImageMissing: { retryable: false },
  /** A production tag holds another digest and may not be moved. */
  TagConflict: { retryable: false },
  /** Scan findings could not be read for now. */
  ScannerUnavailable: { retryable: true },
  /** The Kubernetes API or EKS could not be reached, throttled us or failed on its side. */
  ClusterUnavailable: { retryable: true },
  /** The Kubernetes API refused an object: invalid, forbidden, unauthorised. */
  ClusterRefused: { retryable: false },
  /** Another field manager owns a field that the pod spec sets. */
  FieldConflict: { retryable: false },
  /** The messenger throttled us, timed out or failed on its side. */
  MessengerUnavailable: { retryable: true },
  /** The messenger refused a message: its channel, its form, or our token. */
  MessengerRefused: { retryable: false },
  /** The store throttled us, timed out or failed on its side. */
  StoreUnavailable: { retryable: true },
  /** The store refused a request: permission, missing table, size. */
  StoreRefused: { retryable: false },
  /** An item kept changing under us until our tries were used up. */
  WriteContended: { retryable: true },
  /** Step Functions throttled us or failed on its side. */
  WorkflowUnavailable: { retryable: true },
  /** Step Functions refused a request. */
  WorkflowRefused: { retryable: false },
  /** The event bus did not take an event. */
  BusUnavailable: { retryable: true },
  /** A step came too close to its own time limit and stopped by itself. */
  TimeRanOut: { retryable: true },
  /** The promotion does not, or no longer, own the environment, or not in the phase that may write. */
  NotOwner: { retryable: false },
  /** The promotion has ended already; nothing may be done in its name. */
  PromotionClosed: { retryable: false },
  /** A redriven execution may not write; use `retry`. */
  ExecutionRedriven: { retryable: false },
  /** An application, environment, version or promotion of that name does not exist. */
  NotFound: { retryable: false },
  /** What was asked is not possible in the present state. */
  NotAllowed: { retryable: false },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorName = keyof typeof errorTable;

export interface ErrorOptions {
  /** Data for logs: names, digests, numbers. Never tokens, secrets or object bodies. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class. The message says: doing what, to which reference, expected and got, what to
 * do next. Text from outside is made harmless here. `cause` never touches `name`: the name decides
 * what the state machine does.
 */
export class PromoterError extends Error {
  override readonly name: ErrorName;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: ErrorName, message: string, options: ErrorOptions = {}) {
    super(
      cutOff(printable(message), maxTextLength),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = name;
    this.retryable = errorTable[name].retryable;
    this.details = options.details ?? {};
  }
}

/** Bundles may hold two copies of the class, so `instanceof` is not used. */
export function isPromoterError(error: unknown): error is PromoterError {
  return error instanceof Error && Object.hasOwn(errorTable, error.name) && "retryable" in error;
}

export const retryableErrorNames: readonly ErrorName[] = namesWhere(
  (name) => errorTable[name].retryable,
);

function namesWhere(wanted: (name: ErrorName) => boolean): readonly ErrorName[] {
  return (Object.keys(errorTable) as ErrorName[]).filter(wanted);
}

/** What anything that was thrown says. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The fetch of Node wraps what happened to the connection into a TypeError. */
export function causeOfFetch(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}
