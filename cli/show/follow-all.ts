import type { LocalCloud } from "@promoter/local-cloud";
import type { Ending } from "../../src/domain/promotion.ts";
import type { Connection } from "../connection.ts";
import type { Terminal } from "../terminal.ts";
import { nameOf, startedByPush, type Awaited } from "./awaited.ts";
import { followOne, type FollowingOne } from "./follow-one.ts";
import { patientLooks, usualPatience, type Looking, type Patience } from "./patient-looks.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";
import { tellIncomplete } from "./tell-incomplete.ts";

interface Following extends Pick<FollowingOne, "answers" | "signal" | "verbose"> {
  readonly cloud: LocalCloud;
  readonly connection: Connection;
  readonly skipped: SkippedPushes;
  readonly patience?: Patience;
}

/** What became of what was awaited; nothing yet of the rest. */
export interface Followed {
  readonly endings: readonly Ended[];
  /** Promotions that could be looked at no more. */
  readonly lost: readonly string[];
  readonly open: readonly Awaited[];
}

export interface Ended extends Awaited {
  readonly ending: Ending;
}

export interface Follower {
  /** What became of these; whatever else ends meanwhile is shown and counts for nothing. */
  all(awaited: readonly Awaited[]): Promise<Followed>;
  untilStopped(): Promise<void>;
}

/**
 * Shows every promotion of the cloud as it goes, every version that still waits for a member, and
 * every push that was meant as a release and is none.
 */
export function followAll(following: Following, terminal: Terminal): Follower {
  const { signal, cloud, patience = usualPatience } = following;
  const outcomes = new Map<string, Outcome>();
  const known = new Set<string>();
  const active = new Set<string>();
  let wake: (() => void) | undefined;
  const looks = (what: string, further: Pick<Looking, "patience" | "isEarly">): Connection =>
    patientLooks({
      ...following,
      ...further,
      onFailure: (message) =>
        terminal.line(
          terminal.style("yellow", `  ${what}: a look failed and is made again: ${message}`),
        ),
    });
  const follow = async (arn: string): Promise<void> => {
    const promotion = arn.split(":").at(-1) ?? "";
    const pushed = startedByPush(cloud, arn);
    const note = (outcome: Outcome): void => {
      if (pushed && !outcomes.has(nameOf(pushed))) outcomes.set(nameOf(pushed), outcome);
    };
    active.add(promotion);
    const connection = looks(promotion, { patience, isEarly: () => isRunning(cloud, arn) });
    try {
      const ending = await followOne(
        { ...following, connection, promotion, isAlone: () => active.size === 1 },
        terminal,
      );
      if (ending) note(ending);
    } catch (error) {
      if (signal.aborted) return;
      note({ lost: promotion });
      terminal.error(
        `${promotion} is not followed any more: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      active.delete(promotion);
      wake?.();
    }
  };
  const followNew = (): void => {
    for (const arn of cloud.stepFunctions.executions.arns.filter((one) => !known.has(one))) {
      known.add(arn);
      void follow(arn);
    }
  };
  const tellSkipped = (): void => {
    for (const reason of following.skipped.take()) {
      terminal.line(`${terminal.style("yellow", "skip")}  ${reason}`);
    }
  };
  const tell = tellIncomplete(
    {
      cloud,
      connection: looks("status", {
        patience: { ...patience, tries: Infinity },
        isEarly: () => false,
      }),
    },
    terminal,
  );
  const rounds = Promise.all(
    [tellSkipped, followNew, tell].map((round) => repeat(round, { signal, terminal })),
  );
  return {
    async all(awaited) {
      while (awaited.some((one) => !outcomes.has(nameOf(one))) && !signal.aborted) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          aborted(signal),
        ]);
      }
      return followed(awaited, outcomes);
    },
    async untilStopped() {
      await rounds;
    },
  };
}

type Outcome = Ending | { readonly lost: string };

function followed(awaited: readonly Awaited[], outcomes: ReadonlyMap<string, Outcome>): Followed {
  const pairs = awaited.map((one) => ({ one, outcome: outcomes.get(nameOf(one)) }));
  return {
    endings: pairs.flatMap(({ one, outcome }) =>
      typeof outcome === "string" ? [{ ...one, ending: outcome }] : [],
    ),
    lost: pairs.flatMap(({ outcome }) => (typeof outcome === "object" ? [outcome.lost] : [])),
    open: pairs.flatMap(({ one, outcome }) => (outcome === undefined ? [one] : [])),
  };
}

function isRunning({ stepFunctions: { executions } }: LocalCloud, arn: string): boolean {
  return !/^Execution(?:Succeeded|Failed|Aborted|TimedOut)$/.test(
    executions.history(arn).at(-1)?.type ?? "",
  );
}

/**
 * A round that failed is told, and the next one comes all the same: nobody waits for these rounds
 * until everything stops.
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}
