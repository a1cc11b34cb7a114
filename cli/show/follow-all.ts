import type { LocalCloud } from "../../local/cloud.ts";
import type { Application } from "../../src/domain/configuration.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import type { ShownPromotion } from "../../src/promotion/show-promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/show-status.ts";
import type { Connection } from "../connection.ts";
import { followPromotion } from "../follow-promotion.ts";
import { printEnding, printPlan, stepPrinter } from "../promotion-view.ts";
import type { Terminal } from "../terminal.ts";
import { askPerson, type Answers } from "./ask-person.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";
import { watchPods } from "./watch-pods.ts";

interface Following {
  readonly cloud: LocalCloud;
  readonly connection: Connection;
  readonly applications: readonly Application[];
  readonly answers: Answers;
  readonly skipped: SkippedPushes;
  readonly signal: AbortSignal;
}

export interface Follower {
  /** How the first `count` promotions ended. */
  first(count: number): Promise<readonly Ending[]>;
  untilStopped(): Promise<void>;
}

/** Shows every promotion of the cloud as it goes, every version that still waits for a member, and every push that was meant as a release and is none. */
export function followAll(following: Following, terminal: Terminal): Follower {
  const { signal, cloud } = following;
  const endings: Ending[] = [];
  const known = new Set<string>();
  const active = new Set<string>();
  const said = new Set<string>();
  let counted: object | undefined;
  let wake: (() => void) | undefined;
  const follow = async (promotion: string): Promise<void> => {
    active.add(promotion);
    const ending = await followOne({ ...following, promotion, isAlone: () => active.size === 1 }, terminal).finally(() => active.delete(promotion));
    if (ending) endings.push(ending);
    wake?.();
  };
  const look = async (): Promise<void> => {
    for (const reason of following.skipped.take()) terminal.line(`${terminal.style("yellow", "skip")}  ${reason}`);
    for (const arn of cloud.stepFunctions.executions.arns) {
      const name = arn.split(":").at(-1) ?? "";
      if (known.has(name)) continue;
      known.add(name);
      void follow(name).catch((error: unknown) => { if (!signal.aborted) terminal.error(String(error)); });
    }
    const push = lastPushSeen(cloud);
    if (push === counted) return;
    counted = push;
    for (const line of await incompleteVersions(following)) {
      if (!said.has(line)) terminal.line(`${terminal.style("yellow", "wait")}  ${line}`);
      said.add(line);
    }
  };
  const loop = (async () => {
    while (!signal.aborted) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async first(count) {
      while (endings.length < count && !signal.aborted) await Promise.race([new Promise<void>((resolve) => { wake = resolve; }), aborted(signal)]);
      return endings;
    },
    untilStopped: () => loop.catch((error: unknown) => { if (!signal.aborted) throw error; }),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** The last call that the function made that counts pushes: while it is the same, nothing new is incomplete. */
function lastPushSeen({ calls }: LocalCloud): object | undefined {
  return calls.calls.findLast(({ functionName }) => functionName?.endsWith("-on-image-push") === true);
}

async function incompleteVersions({ connection }: Following): Promise<readonly string[]> {
  const applications = (await connection.invoke("show-status", {})) as readonly ApplicationStatus[];
  return applications.flatMap(({ application, incomplete }) => incomplete.filter(({ missing }) => missing.length > 0).map(({ version, missing }) =>
    `${application} ${version} is incomplete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`));
}

interface One extends Following {
  readonly promotion: string;
  /** No other one is followed. */
  readonly isAlone: () => boolean;
}

async function followOne(following: One, terminal: Terminal): Promise<Ending | undefined> {
  const { connection, promotion, signal, cloud, isAlone } = following;
  let announced = false;
  let question: Question | undefined;
  let name = "";
  const label = (): string => (isAlone() ? "" : `  ${name}`);
  const pods = watchPods(cloud, { terminal, label });
  const printStep = stepPrinter(terminal, label);
  const shown = await followPromotion({ connection, promotion, signal, every: 100, onChange: async (now, { steps }) => {
    name = `${now.promotion.application} ${now.promotion.version} -> ${now.promotion.environment}`;
    if (!announced) terminal.line(`\n${terminal.style("bold", name)}  ${terminal.style("dim", promotion)}`);
    announced = true;
    const open = openQuestion(now);
    if (question && question.hash !== open) question.stop.abort();
    for (const entry of steps) printStep(entry);
    pods.look(now.plan?.plan.namespace);
    if (open === undefined || question?.hash === open) return;
    question = { hash: open, stop: new AbortController() };
    printPlan(terminal, now);
    terminal.line();
    void askPerson({ ...following, shown: now, signal: AbortSignal.any([signal, question.stop.signal]) }, terminal);
  } }).finally(() => question?.stop.abort());
  printEnding(terminal, shown);
  return shown.promotion.ending;
}

/** Content hash of what people are asked and nobody has answered yet, once the step that asks has told of it. */
function openQuestion({ approval, promotion, trail }: ShownPromotion): string | undefined {
  const asked = trail.filter(({ step, outcome }) => step === "RequestApproval" && outcome === "asked").length;
  if (promotion.ending !== undefined || asked < promotion.rounds.length) return undefined;
  return approval?.state === "pending" && approval.votes.length === 0 ? approval.hash : undefined;
}

/** What a person is asked in the terminal; it is taken back when somebody answers elsewhere. */
interface Question {
  readonly hash: string;
  readonly stop: AbortController;
}
