import type { LocalCloud } from "@promoter/local-cloud";
import { errorMessage } from "../../src/domain/errors.ts";
import type { Connection } from "../connection.ts";
import type { Terminal } from "../terminal.ts";
import { startedByPush, type ExpectedPromotion } from "./expected-promotion.ts";
import { followOne, type FollowOneOptions } from "./follow-one.ts";
import { createOutcomes, type FollowResult, type Outcomes } from "./outcomes.ts";
import { reportIncomplete } from "./report-incomplete.ts";
import {
  defaultRetryPolicy,
  retryingConnection,
  type RetryOptions,
  type RetryPolicy,
} from "./retrying-connection.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";

interface FollowOptions extends Pick<FollowOneOptions, "answers" | "signal" | "verbose"> {
  readonly cloud: LocalCloud;
  readonly connection: Connection;
  readonly skipped: SkippedPushes;
  readonly patience?: RetryPolicy;
}

export interface Follower {
  /** What became of these; whatever else ends meanwhile is shown but does not count. */
  all(expected: readonly ExpectedPromotion[]): Promise<FollowResult>;
  untilStopped(): Promise<void>;
}

/**
 * Shows every promotion of the cloud as it goes, every version that still waits for a member, and
 * every push that was meant as a release but is not one.
 */
export function followAll(options: FollowOptions, terminal: Terminal): Follower {
  const { signal, cloud, skipped, patience = defaultRetryPolicy } = options;
  const outcomes = createOutcomes();
  const status = retrying("status", options, {
    terminal,
    patience: { ...patience, tries: Infinity },
    isEarly: () => false,
  });
  const rounds = Promise.all(
    [
      () => reportSkipped(skipped, terminal),
      followNew(options, outcomes, terminal),
      reportIncomplete({ cloud, connection: status }, terminal),
    ].map((round) => repeat(round, { signal, terminal })),
  );
  return {
    all: (expected) => outcomes.of(expected, signal),
    async untilStopped() {
      await rounds;
    },
  };
}

function reportSkipped(skipped: SkippedPushes, { line, style }: Terminal): void {
  for (const reason of skipped.take()) line(`${style("yellow", "skip")}  ${reason}`);
}

/** Each round begins to follow the executions that were not there before. */
function followNew(options: FollowOptions, outcomes: Outcomes, terminal: Terminal): () => void {
  const { executions } = options.cloud.stepFunctions;
  const known = new Set<string>();
  const active = new Set<string>();
  return () => {
    for (const arn of executions.arns.filter((one) => !known.has(one))) {
      known.add(arn);
      active.add(arn);
      void follow(arn, options, { outcomes, terminal, isAlone: () => active.size === 1 }).finally(
        () => active.delete(arn),
      );
    }
  };
}

async function follow(
  arn: string,
  options: FollowOptions,
  {
    outcomes,
    terminal,
    isAlone,
  }: { readonly outcomes: Outcomes; readonly terminal: Terminal; readonly isAlone: () => boolean },
): Promise<void> {
  const { cloud, patience = defaultRetryPolicy, signal } = options;
  const promotion = arn.split(":").at(-1) ?? "";
  const pushed = startedByPush(cloud, arn);
  const isEarly = (): boolean => isRunning(cloud, arn);
  const connection = retrying(promotion, options, { terminal, patience, isEarly });
  try {
    const ending = await followOne({ ...options, connection, promotion, isAlone }, terminal);
    if (pushed && ending) outcomes.note(pushed, ending);
  } catch (error) {
    if (signal.aborted) return;
    if (pushed) outcomes.note(pushed, { lost: promotion });
    const why = errorMessage(error);
    terminal.error(`${promotion} is no longer followed: ${why}`);
  }
}

function retrying(
  what: string,
  { connection, signal }: FollowOptions,
  {
    terminal: { line, style },
    ...policy
  }: Pick<RetryOptions, "patience" | "isEarly"> & { readonly terminal: Terminal },
): Connection {
  return retryingConnection({
    connection,
    signal,
    ...policy,
    onFailure: (message) =>
      line(style("yellow", `  ${what}: a poll failed and is retried: ${message}`)),
  });
}

function isRunning({ stepFunctions: { executions } }: LocalCloud, arn: string): boolean {
  return !/^Execution(?:Succeeded|Failed|Aborted|TimedOut)$/.test(
    executions.history(arn).at(-1)?.type ?? "",
  );
}

/**
 * A failed round is reported, and the next one starts all the same: these rounds are awaited only
 * when everything stops.
 */
async function repeat(
  round: () => Promise<void> | void,
  { signal, terminal }: { readonly signal: AbortSignal; readonly terminal: Terminal },
): Promise<void> {
  while (!signal.aborted) {
    await Promise.try(round).catch((error: unknown) => {
      if (!signal.aborted) terminal.error(String(error));
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
