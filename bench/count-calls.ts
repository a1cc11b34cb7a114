import type { LocalCloud } from "@promoter/local-cloud";
import { virtualClock } from "@promoter/local-cloud/clock";
import type { RecordedCall } from "@promoter/local-cloud/record";
import {
  approver,
  enteredStates,
  hasEnded,
  newestExecution,
  pushBuilds,
  pushRelease,
  repositories,
  startBenchCloud,
} from "./bench-cloud.ts";
import type { Row, Section } from "./report.ts";

export interface Counts {
  readonly title: string;
  readonly approval: boolean;
  readonly calls: readonly RecordedCall[];
  readonly invocations: number;
  readonly transitions: number;
  readonly states: readonly string[];
}

/** A first promotion, and the same release promoted a second time by a person. */
export async function countCalls(approval: boolean): Promise<readonly [Counts, Counts]> {
  const { cloud, invocations } = await startBenchCloud({ clock: virtualClock(), approval });
  const counting = async (title: string, work: () => Promise<void>): Promise<Counts> => {
    cloud.calls.clear();
    invocations.length = 0;
    await work();
    const arn = newestExecution(cloud);
    const calls = cloud.calls.calls.filter(({ functionName }) => functionName !== undefined);
    return {
      title,
      approval,
      calls,
      invocations: invocations.length,
      transitions: cloud.stepFunctions.executions.transitions(arn),
      states: enteredStates(cloud, arn),
    };
  };
  try {
    await pushBuilds(cloud, "1.0.0");
    await passScan(cloud);
    const suffix = approval ? "with approval" : "without approval";
    const first = await counting(`first promotion, ${suffix}`, () => promote(cloud, approval));
    const repeated = await counting(`repeated promotion, ${suffix}`, () => promoteAgain(cloud));
    return [first, repeated];
  } finally {
    await cloud.close();
  }
}

async function passScan(cloud: LocalCloud): Promise<void> {
  const end = cloud.clock.now() + 1000;
  await cloud.settle(() => cloud.clock.now() >= end);
}

async function promote(cloud: LocalCloud, approval: boolean): Promise<void> {
  await pushRelease(cloud, "1.0.0");
  await cloud.settle();
  if (approval) await approve(cloud);
  await cloud.settle(() => hasEnded(cloud, 1));
}

async function approve(cloud: LocalCloud): Promise<void> {
  const channel = "C00000001";
  await cloud.settle(() => cloud.slack.messages(channel).length > 0);
  const ts = cloud.slack.messages(channel).at(-1)?.["ts"];
  await cloud.slack.click({
    user: approver,
    channel,
    ts: typeof ts === "string" ? ts : "",
    actionId: "promoter_approve",
  });
  await cloud.settle();
}

async function promoteAgain(cloud: LocalCloud): Promise<void> {
  const machine = cloud.stack.stateMachines[0]?.arn ?? "";
  cloud.stepFunctions.start(
    machine,
    JSON.stringify({ application: "orderbook", version: "1.0.0", environment: "production" }),
    "again",
  );
  await cloud.settle(() => hasEnded(cloud, 2));
}

export function countSection({
  title,
  approval,
  calls,
  invocations,
  transitions,
  states,
}: Counts): Section {
  const first = !title.startsWith("repeated");
  const looks = states.filter((state) => state === "CheckRollout").length;
  const waits = states.filter((state) => state === "AwaitFacts").length;
  const ecr = calls.filter(({ action }) => action.startsWith("ecr:"));
  const writes = ecr.filter(({ action }) => action === "ecr:PutImage").length;
  const settings = ecr.filter(({ action }) => action === "ecr:DescribeRepositories").length;
  // The approved plan is made afresh, so its verification counts as one more.
  const verifications = states.filter((state) => state === "VerifyImages").length;
  const rows: Row[] = [
    {
      name: "state transitions, with the polls and waits below",
      value: transitions,
      unit: "",
      kind: "counted",
      ...(first ? { bound: (approval ? 38 : 24) + 3 * Math.max(0, looks - 1) + 3 * waits } : {}),
    },
    { name: "  polls of the rollout", value: looks, unit: "", kind: "counted" },
    { name: "  waits for facts", value: waits, unit: "", kind: "counted" },
    { name: "verifications", value: verifications, unit: "", kind: "counted" },
    {
      name: "ECR calls per member",
      value: (ecr.length - settings) / repositories.length,
      unit: "",
      kind: "counted",
      ...(first && !approval ? { bound: 8 } : {}),
    },
    {
      name: "ECR DescribeRepositories",
      value: settings,
      unit: "",
      kind: "counted",
      ...(approval ? {} : { bound: 1 }),
    },
    {
      name: "ECR PutImage",
      value: writes,
      unit: "",
      kind: "counted",
      bound: first ? 2 * repositories.length : 0,
    },
    { name: "function invocations", value: invocations, unit: "", kind: "counted" },
    ...byService(calls),
  ];
  return { title, rows };
}

function byService(calls: readonly RecordedCall[]): readonly Row[] {
  const counted = Map.groupBy(
    calls,
    ({ action, access }) => `${action.split(":")[0] ?? ""} ${access}s`,
  );
  return [...counted]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, some]) => ({
      name: `  ${name}`,
      value: some.length,
      unit: "",
      kind: "counted" as const,
    }));
}
