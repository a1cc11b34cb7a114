import type { LocalCloud } from "../../local/cloud.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import type { Connection } from "../connection.ts";
import type { Terminal } from "../terminal.ts";
import { followOne, type FollowingOne } from "./follow-one.ts";
import { patientLooks, usualPatience, type Looking, type Patience } from "./patient-looks.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";
import { tellIncomplete } from "./tell-incomplete.ts";

interface Following extends Pick<FollowingOne, "answers" | "signal"> {
  readonly cloud: LocalCloud;
  readonly connection: Connection;
  readonly skipped: SkippedPushes;
  readonly patience?: Patience;
}

export interface Followed {
  readonly endings: readonly Ending[];
  /** Promotions that could be looked at no more. */
  readonly lost: readonly string[];
}

export interface Follower {
  /** What became of the first `count` promotions. */
  first(count: number): Promise<Followed>;
  untilStopped(): Promise<void>;
}

/** Shows every promotion of the cloud as it goes, every version that still waits for a member, and every push that was meant as a release and is none. */
export function followAll(following: Following, terminal: Terminal): Follower {
  const { signal, cloud, patience = usualPatience } = following;
  const endings: Ending[] = [];
  const lost: string[] = [];
  const known = new Set<string>();
  const active = new Set<string>();
  let wake: (() => void) | undefined;
  const looks = (what: string, further: Pick<Looking, "patience" | "isEarly">): Connection => patientLooks({
    ...following, ...further, onFailure: (message) => terminal.line(terminal.style("yellow", `  ${what}: a look failed and is made again: ${message}`)),
  });
  const follow = async (arn: string): Promise<void> => {
    const promotion = arn.split(":").at(-1) ?? "";
    active.add(promotion);
    const connection = looks(promotion, { patience, isEarly: () => isRunning(cloud, arn) });
    try {
      const ending = await followOne({ ...following, connection, promotion, isAlone: () => active.size === 1 }, terminal);
      if (ending) endings.push(ending);
    } catch (error) {
      if (signal.aborted) return;
      lost.push(promotion);
      terminal.error(`${promotion} is not followed any more: ${error instanceof Error ? error.message : String(error)}`);
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
    for (const reason of following.skipped.take()) terminal.line(`${terminal.style("yellow", "skip")}  ${reason}`);
  };
  const tell = tellIncomplete({ cloud, connection: looks("status", { patience: { ...patience, tries: Infinity }, isEarly: () => false }) }, terminal);
  const rounds = Promise.all([tellSkipped, followNew, tell].map((round) => repeat(round, { signal, terminal })));
  return {
    async first(count) {
      while (endings.length + lost.length < count && !signal.aborted) await Promise.race([new Promise<void>((resolve) => { wake = resolve; }), aborted(signal)]);
      return { endings, lost };
    },
    async untilStopped() {
      await rounds;
    },
  };
}

function isRunning({ stepFunctions: { executions } }: LocalCloud, arn: string): boolean {
  return !/^Execution(?:Succeeded|Failed|Aborted|TimedOut)$/.test(executions.history(arn).at(-1)?.type ?? "");
}

/** A round that failed is told, and the next one comes all the same: nobody waits for these rounds until everything stops. */
async function repeat(round: () => Promise<void> | void, { signal, terminal }: { readonly signal: AbortSignal; readonly terminal: Terminal }): Promise<void> {
  while (!signal.aborted) {
    await Promise.try(round).catch((error: unknown) => { if (!signal.aborted) terminal.error(String(error)); });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
