import { formatDuration } from "./duration.ts";
import { formatTime } from "./format-time.ts";

/** How a release is watched after its rollout: `observe` of an environment in promoter.yml. */
export interface ObservePolicy {
  /** How long it must stay well, milliseconds. */
  readonly for: number;
  /** ARNs of CloudWatch's metric alarms. */
  readonly alarms: readonly string[];
  readonly http: string | undefined;
  /** ARN of a Lambda function. */
  readonly function: string | undefined;
}

/** The time in which a release is watched; kept with its promotion. */
export interface Observation {
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
  /** How many looks in a row said neither that it is well nor that it is not. */
  readonly unclear: number;
  /** The visit of the last of them, so that a repeated step counts once. */
  readonly visit?: string | undefined;
}

/** What one look at one thing says. `unclear`: it could not be asked. */
export interface ObserverAnswer {
  readonly kind: "well" | "unwell" | "unclear";
  readonly reason: string;
}

/** After so many unclear looks in a row the release counts as not well. */
export const maxUnclearLooks = 3;
/** Seconds until the next look after an unclear one. */
export const pauseAfterUnclear = 15;

export function beginObservation(policy: ObservePolicy, now: number): Observation {
  return { since: now, until: now + policy.for, unclear: 0 };
}

/** One more unclear look. */
export function countUnclear(
  { unclear, visit: last, ...observation }: Observation,
  visit: string | undefined,
): Observation {
  const isRepeated = visit !== undefined && visit === last;
  return { ...observation, unclear: isRepeated ? unclear : unclear + 1, visit };
}

/**
 * Seconds until the next look, from 15 to 900, the longer it has gone well so far. A look takes 16
 * of the 25,000 events that an execution may have (Step Functions developer guide, "Service
 * quotas").
 */
export function observationPause(elapsed: number): number {
  return Math.round(Math.min(900, Math.max(15, elapsed / 12)));
}

/** What is watched, for people: `for 5m: its rollout, 2 alarms, https://shop.example/healthz`. */
export function describeObservation(policy: ObservePolicy): string {
  return `for ${formatDuration(policy.for)}: ${describeObservers(policy)}`;
}

export function describeObservers({ alarms, http, function: fn }: ObservePolicy): string {
  const watched = alarms.length > 2 ? [`${alarms.length} alarms`] : alarms.map(alarmText);
  return [
    "its rollout",
    ...watched,
    ...(http === undefined ? [] : [http.replace(/\?.*$/, "")]),
    ...(fn === undefined ? [] : [`function ${nameInArn(fn)}`]),
  ].join(", ");
}

function alarmText(arn: string): string {
  return `alarm ${nameInArn(arn)}`;
}

/** For trails: until when, which stays the same from look to look. */
export function describeWindow({ until }: Observation): string {
  return `the release must stay well until ${formatTime(until)}`;
}

/** The name of an alarm, which may have colons in it, or of a function with its qualifier. */
export function nameInArn(arn: string): string {
  return arn.split(":").slice(6).join(":");
}

export function regionInArn(arn: string): string {
  return arn.split(":")[3] ?? "";
}
