import type { RecordedCall } from "@promoter/local-cloud/record";

/**
 * What is promoted: with or without people being asked, into an empty environment or over an
 * earlier release; whether its pods get ready.
 */
export interface Scenario {
  readonly name: string;
  readonly approval: boolean;
  readonly again: boolean;
  readonly stalls?: true;
  /** It is watched for a minute after its rollout. */
  readonly observed?: true;
}

export const scenarios: readonly Scenario[] = [
  { name: "first release, nobody asked", approval: false, again: false },
  { name: "first release, approved", approval: true, again: false },
  { name: "second release, nobody asked", approval: false, again: true },
  { name: "second release, approved", approval: true, again: true },
];

/** A second release that is watched after its rollout. */
export const observed: Scenario = {
  name: "second release, observed",
  approval: false,
  again: true,
  observed: true,
};

/** A second release that is taken back. */
export const takenBack: Scenario = {
  name: "second release, taken back",
  approval: false,
  again: true,
  stalls: true,
};

/**
 * What happens at the k-th call. The AWS clients try a lost call a second time (`maxAttempts: 2`):
 * lost once before its effect it is only late, which is no case of its own; lost once after its
 * effect it is made twice; lost or throttled on both tries, the step throws and the state machine
 * tries the whole step again. Kubernetes and Slack are not tried twice by their clients.
 */
export const faultKinds = [
  "lost-before",
  "lost-after",
  "throttled",
  "repeated",
  "dies-after",
  "aborted-after",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultCase {
  readonly scenario: Scenario;
  readonly fault: FaultKind;
  /** From 1 on, among the calls that functions make. */
  readonly call: number;
}

export type FunctionCall = Pick<RecordedCall, "service" | "action" | "functionName" | "resources">;

export function describeCall({ functionName = "", action }: FunctionCall): string {
  return `${functionName.replace("promoter-dev-", "")} ${action}`;
}
