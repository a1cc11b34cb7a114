import { createInterface } from "node:readline/promises";
import type { LocalCloud } from "../../local/cloud.ts";
import type { Application } from "../../src/domain/configuration.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/show-status.ts";
import type { ShownPromotion } from "../../src/promotion/show-promotion.ts";
import type { Connection } from "../connection.ts";
import { followPromotion } from "../follow-promotion.ts";
import { printEnding, printPlan, printStep } from "../promotion-view.ts";
import type { Terminal } from "../terminal.ts";
import { watchPods } from "./watch-pods.ts";

interface Following {
  readonly cloud: LocalCloud;
  readonly connection: Connection;
  readonly applications: readonly Application[];
  readonly yes: boolean;
  readonly signal: AbortSignal;
}

export interface Follower {
  /** How the first `count` promotions ended. */
  first(count: number): Promise<readonly Ending[]>;
  untilStopped(): Promise<void>;
}

/** Shows every promotion of the cloud as it goes, and every version that still waits for a member. */
export function followAll(following: Following, terminal: Terminal): Follower {
  const { signal, cloud } = following;
  const endings: Ending[] = [];
  const known = new Set<string>();
  const said = new Set<string>();
  let wake: (() => void) | undefined;
  const follow = async (promotion: string): Promise<void> => {
    const ending = await followOne({ ...following, promotion }, terminal);
    if (ending) endings.push(ending);
    wake?.();
  };
  const look = async (): Promise<void> => {
    for (const arn of cloud.stepFunctions.executions.arns) {
      const name = arn.split(":").at(-1) ?? "";
      if (known.has(name)) continue;
      known.add(name);
      void follow(name).catch((error: unknown) => { if (!signal.aborted) terminal.error(String(error)); });
    }
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

async function incompleteVersions({ connection }: Following): Promise<readonly string[]> {
  const applications = (await connection.invoke("show-status", {})) as readonly ApplicationStatus[];
  return applications.flatMap(({ application, incomplete }) => incomplete.filter(({ missing }) => missing.length > 0).map(({ version, missing }) =>
    `${application} ${version} is incomplete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`));
}

async function followOne(following: Following & { readonly promotion: string }, terminal: Terminal): Promise<Ending | undefined> {
  const { connection, promotion, signal, cloud } = following;
  let announced = false;
  let asked = "";
  const pods = watchPods(cloud, terminal);
  const shown = await followPromotion({ connection, promotion, signal, every: 100, onChange: async (now, { steps }) => {
    if (!announced) terminal.line(`\n${terminal.style("bold", `${now.promotion.application} ${now.promotion.version} -> ${now.promotion.environment}`)}  ${terminal.style("dim", promotion)}`);
    announced = true;
    for (const entry of steps) printStep(terminal, entry);
    pods.look(now.plan?.plan.namespace);
    if (now.approval?.state !== "pending" || asked === now.approval.hash || now.approval.votes.length > 0) return;
    asked = now.approval.hash;
    printPlan(terminal, now);
    void ask({ ...following, shown: now }, terminal);
  } });
  printEnding(terminal, shown);
  return shown.promotion.ending;
}

interface Asking extends Following {
  readonly shown: ShownPromotion;
}

/** Both ways press the button of the local Slack as a configured approver: the signed form is the only way to vote. */
async function ask({ cloud, yes, shown, signal }: Asking, terminal: Terminal): Promise<void> {
  const { approval } = shown;
  const user = approval?.approvers.find((approver) => approver !== approval.barred);
  if (!approval?.message || user === undefined) return;
  const choice = yes ? "y" : await question(`  Approve as ${user}? (y/n, or answer at ${cloud.origin}/_slack/) `, signal);
  if (choice === undefined) return;
  const actionId = /^y(es)?$/i.test(choice.trim()) ? "promoter_approve" : "promoter_reject";
  await cloud.slack.click({ user, channel: approval.message.channel, ts: approval.message.ts, actionId });
  terminal.line(terminal.style("dim", `  ${user} pressed ${actionId === "promoter_approve" ? "Approve" : "Reject"}${yes ? " (--yes)" : ""}`));
}

async function question(text: string, signal: AbortSignal): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(text, { signal });
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}
