import { printable } from "./printable.ts";

/**
 * Every error name that leaves this program, and whether trying again later can help. Closed on purpose: the state machine, the
 * alarms and the tests know these names. A name is a string literal, never a class name, because a minifier renames classes and Step
 * Functions matches `error.name`.
 */
export const errorTable = {
  InvalidInput: { retryable: false, meaning: "what came in does not have the form we accept" },
  InvalidConfiguration: { retryable: false, meaning: "promoter.yml or a pod spec is wrong; packaging should have refused it" },
  RegistryUnavailable: { retryable: true, meaning: "ECR throttled us, timed out or failed on its side" },
  RegistryRefused: { retryable: false, meaning: "ECR refused a request: permission, missing repository, limit" },
  ImageMissing: { retryable: false, meaning: "an image that was there when verified is gone" },
  TagConflict: { retryable: false, meaning: "a production tag holds another digest and may not be moved" },
  ScannerUnavailable: { retryable: true, meaning: "scan findings could not be read for now" },
  ClusterUnavailable: { retryable: true, meaning: "the Kubernetes API or EKS could not be reached, throttled us or failed on its side" },
  ClusterRefused: { retryable: false, meaning: "the Kubernetes API refused an object: invalid, forbidden, unauthorised" },
  FieldConflict: { retryable: false, meaning: "another field manager owns a field that the pod spec sets" },
  MessengerUnavailable: { retryable: true, meaning: "Slack throttled us, timed out or failed on its side" },
  MessengerRefused: { retryable: false, meaning: "Slack refused a message: channel, token, blocks" },
  StoreUnavailable: { retryable: true, meaning: "DynamoDB throttled us, timed out or failed on its side" },
  StoreRefused: { retryable: false, meaning: "DynamoDB refused a request: permission, missing table, size" },
  WriteContended: { retryable: true, meaning: "an item changed under us more often than we try" },
  WorkflowUnavailable: { retryable: true, meaning: "Step Functions throttled us or failed on its side" },
  WorkflowRefused: { retryable: false, meaning: "Step Functions refused a request" },
  BusUnavailable: { retryable: true, meaning: "EventBridge did not take an event" },
  TimeRanOut: { retryable: true, meaning: "a step came too close to its own time limit and stopped by itself" },
  NotOwner: { retryable: false, meaning: "the promotion does not own the environment (any more), or not in the phase that may write" },
  PromotionClosed: { retryable: false, meaning: "the promotion has ended already; nothing may be done in its name" },
  ExecutionRedriven: { retryable: false, meaning: "a redriven execution may not write; use `retry`" },
  NotFound: { retryable: false, meaning: "an application, environment, version or promotion of that name does not exist" },
  NotAllowed: { retryable: false, meaning: "what was asked is not possible in the present state" },
} as const satisfies Record<string, { retryable: boolean; meaning: string }>;

export type ErrorName = keyof typeof errorTable;

export interface ErrorOptions {
  /** Data for logs: names, digests, numbers. Never tokens, secrets or object bodies. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class. The message says: doing what, to which reference, expected and got, what to do next.
 * Words of others in it are made harmless here. `cause` never touches `name`: the name decides what the state machine does.
 */
export class PromoterError extends Error {
  override readonly name: ErrorName;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: ErrorName, message: string, options: ErrorOptions = {}) {
    super(printable(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.retryable = errorTable[name].retryable;
    this.details = options.details ?? {};
  }
}

/** Bundles may hold two copies of the class, so `instanceof` is not asked. */
export function isPromoterError(error: unknown): error is PromoterError {
  return error instanceof Error && Object.hasOwn(errorTable, error.name) && "retryable" in error;
}

export const retryableErrorNames: readonly ErrorName[] = namesWhere((name) => errorTable[name].retryable);

function namesWhere(wanted: (name: ErrorName) => boolean): readonly ErrorName[] {
  return (Object.keys(errorTable) as ErrorName[]).filter(wanted);
}
