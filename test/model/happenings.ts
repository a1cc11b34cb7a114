import type { Approval } from "../../src/domain/approval.ts";
import type { Lock } from "../../src/domain/lock.ts";
import { changedDeployment, members } from "./deployment.ts";
import type { Draw } from "./draws.ts";
import type { Events } from "./events.ts";
import type { Images } from "./images.ts";
import { lengths, type ModelWorld } from "./model-world.ts";

const minute = 60_000;
const application = "shop";

interface Stage {
  readonly world: ModelWorld;
  readonly events: Events;
  readonly images: Images;
}

/** Sets up all that people, pipelines and clouds do on their own account. */
export function setUpHappenings(stage: Stage): void {
  builds(stage);
  stops(stage);
  resumes(stage);
  deployments(stage);
  repeat(stage, {
    name: "start by hand",
    times: [0, 2],
    often: ["operators", "crowd", "odd inputs", "chain"],
    act: startByHand,
  });
  repeat(stage, { name: "cancel", times: [0, 1], often: ["operators"], act: cancel });
  repeat(stage, { name: "way back", times: [0, 1], often: ["operators", "crowd"], act: goBack });
  repeat(stage, { name: "bad look", times: [0, 1], often: ["bad rollouts"], act: lookBad });
  repeat(stage, { name: "abort", times: [0, 1], often: ["operators"], act: abort });
  repeat(stage, { name: "stop", times: [0, 1], often: ["stops"], act: stop });
  repeat(stage, {
    name: "deployment",
    times: [0, 1],
    often: ["redeployments"],
    act: ({ world }, draw) => world.deploy(changedDeployment(world.deployment(), draw)),
  });
  repeat(stage, { name: "outage", times: [0, 0], often: ["outages"], act: outage });
  repeat(stage, { name: "resume", times: [0, 1], often: ["operators", "stops"], act: resume });
  repeat(stage, { name: "retry", times: [0, 1], often: ["operators", "bad rollouts"], act: retry });
  repeat(stage, {
    name: "reconcile besides",
    times: [0, 2],
    often: ["wild"],
    act: ({ world }) => void world.invoke("Reconcile", {}),
  });
}

interface Repeated {
  readonly name: string;
  /** How often as a rule: from, to. */
  readonly times: readonly [number, number];
  /** Themes in which it happens up to `mostExtra` times more. */
  readonly often: readonly Parameters<ModelWorld["chances"]["has"]>[0][];
  readonly act: (stage: Stage, draw: Draw) => void;
}

function repeat(stage: Stage, { name, times: [from, to], often, act }: Repeated): void {
  const { world } = stage;
  if (world.chances.has("calm")) return;
  const count = world
    .draws(`${name}s`)
    .whole(
      from,
      to + (often.some((theme) => world.chances.has(theme)) ? lengths[world.length].mostExtra : 0),
    );
  for (let index = 1; index <= count; index += 1) {
    const one = `${name} ${index}`;
    const draw = world.draws(one);
    const at = draw.whole(minute, world.lastHappening);
    if (world.happens(one)) world.timeline.after(at, () => act(stage, draw));
  }
}

/** Versions are pushed one member after the other; some stay incomplete, some are built again. */
function builds({ world, images }: Stage): void {
  const { timeline, draws, chances, happens } = world;
  const drawn = draws("versions").whole(
    chances.isHurried ? 4 : 2,
    chances.isHurried || chances.has("crowd") ? 6 : 3,
  );
  const versions = Math.min(drawn, lengths[world.length].mostVersions);
  const later = (name: string, at: number, push: () => void): void => {
    if (happens(name)) timeline.after(at, push);
  };
  for (let version = 1; version <= versions; version += 1) {
    const draw = draws(`version ${version}`);
    const name = `1.${version}.0`;
    const at =
      (version - 1) *
        (chances.isHurried
          ? draw.spread(20_000, 2 * minute)
          : draw.spread(2 * minute, 25 * minute)) +
      draw.whole(1_000, minute);
    for (const [index, repository] of members.entries()) {
      const isNeeded = index < 2 || world.deployment().members.length > 2;
      if (isNeeded && (index === 0 || chances.has("calm") || draw.chance(0.96))) {
        later(`build of ${repository} ${name}`, at + draw.spread(100, 3 * minute), () =>
          images.push(name, repository),
        );
      }
    }
    if (draw.chance(chances.has("rebuilds") ? 0.8 : chances.has("calm") ? 0 : 0.1)) {
      const again = draw.spread(10_000, 60 * minute);
      const rebuilt = members.slice(0, draw.whole(1, 2));
      for (const repository of rebuilt) {
        later(`rebuild of ${repository} ${name}`, at + again + draw.spread(100, minute), () =>
          images.push(name, repository),
        );
      }
    }
  }
}

/** Somebody stops an execution while it writes: the worst moment. */
function stops({ world }: Stage): void {
  const writing = new Set<string>();
  world.watchers.push(({ port, method, args, result }) => {
    if (port !== "environments" || method !== "writeLock" || result !== true) return;
    const { owner } = args[1] as Lock;
    if (!owner || owner.phase === "waiting" || writing.has(`${owner.promotion} ${owner.phase}`)) {
      return;
    }
    writing.add(`${owner.promotion} ${owner.phase}`);
    const name = `stop of ${world.label(owner.promotion)} while ${owner.phase}`;
    const draw = world.draws(name);
    const isLikely =
      world.chances.has("stops") ||
      world.chances.has("late twins") ||
      world.chances.has("frozen functions");
    if (
      !draw.chance(isLikely ? 0.45 : world.chances.has("calm") ? 0 : 0.03) ||
      !world.happens(name)
    ) {
      return;
    }
    world.timeline.after(draw.spread(100, 150_000), () => stopExecution(world, owner.promotion));
  });
}

/**
 * Whoever hears that an environment is unsettled does something about it, soon or late, alone or
 * with others.
 */
function resumes(stage: Stage): void {
  const { world } = stage;
  const heard = new Set<string>();
  world.watchers.push(({ port, method, args, result }) => {
    const unsettled =
      port === "environments" && method === "writeLock" && result === true
        ? (args[1] as Lock).unsettled
        : undefined;
    if (!unsettled || heard.has(unsettled.by)) return;
    heard.add(unsettled.by);
    const { environment } = args[0] as { readonly environment: string };
    for (const who of ["one", "other"]) {
      const name = `${who} resumes after ${world.label(unsettled.by)}`;
      const draw = world.draws(name);
      const after = draw.spread(5_000, 60 * minute);
      const step = draw.pick(["ResumeEnvironment", "RestoreEnvironment"]);
      if (!draw.chance(who === "one" ? 0.7 : 0.2) || !world.happens(name)) continue;
      const calls = step === "RestoreEnvironment" ? draw.whole(1, 6) : 1;
      for (let call = 0; call < calls; call += 1) {
        world.timeline.after(after + call * draw.spread(1_000, 3 * minute), () =>
          sayResume(world, { environment, step, settled: true }),
        );
      }
    }
  });
}

/**
 * Somebody deploys another promoter.yml at the worst moment: between the vote, or the entrance into
 * the environment, and the writing.
 */
function deployments({ world }: Stage): void {
  let count = 0;
  world.watchers.push(({ guest, port, method, args }) => {
    if (!world.chances.has("redeployments")) return;
    const isVote =
      port === "approvals" && method === "write" && (args[0] as Approval).votes.length > 0;
    const isEntrance = guest.step === "EnterEnvironment" && method === "readCurrent";
    if (!isVote && !isEntrance) return;
    const name = `deployment at a bad moment ${(count += 1)}`;
    const draw = world.draws(name);
    if (!draw.chance(0.4) || !world.happens(name)) return;
    world.timeline.after(draw.spread(1, isVote ? 3_000 : 200), () =>
      world.deploy(changedDeployment(world.deployment(), draw, draw.pick(["approvers", "scan"]))),
    );
  });
}

function sayResume(
  world: ModelWorld,
  {
    environment,
    step,
    settled,
  }: { readonly environment: string; readonly step: string; readonly settled: boolean },
): void {
  world.log(`somebody says ${step} ${environment}`);
  void world.invoke(step, {
    application,
    environment,
    by: "ZOE",
    ...(step === "ResumeEnvironment" ? { settled } : {}),
  });
}

function stopExecution(world: ModelWorld, id: string): void {
  world.log(`somebody stops the execution of ${world.label(id)}`);
  world.machine.stop(id);
}

function running({ machine }: ModelWorld): readonly string[] {
  return machine.executions().flatMap(({ id, status }) => (status === "running" ? [id] : []));
}

function startByHand({ world }: Stage, draw: Draw): void {
  const id = `by-hand-${world.machine.executions().length + 1}`;
  const input = {
    application,
    version: `1.${draw.whole(1, 4)}.0`,
    environment: draw.pick(
      world.deployment().chain ? ["production", "production", "staging"] : ["production"],
    ),
    ...odd(world, draw),
  };
  const second = world.draws(`second thoughts about ${id}`);
  if (second.chance(world.chances.has("odd inputs") ? 0.4 : 0.05)) input.application = "warehouse";
  world.log(`somebody starts ${world.label(id)}: ${JSON.stringify(input).slice(0, 200)}`);
  if (world.machine.executions().some((one) => one.id === id)) return;
  world.machine.start(id, input);
  if (second.chance(0.3)) {
    world.timeline.after(second.spread(1, 3_000), () => stopExecution(world, id));
  }
}

function goBack({ world }: Stage, draw: Draw): void {
  const id = `way-back-${world.machine.executions().length + 1}`;
  const version = `1.${draw.whole(1, 3)}.0`;
  world.log(`somebody goes back to ${version} by ${world.label(id)}`);
  if (world.machine.executions().some((one) => one.id === id)) return;
  const input = { application, version, environment: "production", requester: "ZOE", back: true };
  world.machine.start(id, input);
}

/**
 * Whatever people put into the input of an execution: at most 256 KiB of it (API reference,
 * StartExecution).
 */
function odd(world: ModelWorld, draw: Draw): Record<string, string> {
  const usual = draw.weighted({
    nothing: 3,
    requester: 3,
    reason: 1,
    plan: 1,
    long: world.chances.has("odd inputs") ? 6 : 0.2,
  });
  switch (usual) {
    case "requester":
      return { requester: draw.pick(["ANNA", "BEN", "ZOE"]) };
    case "reason":
      return { requester: "ZOE", reason: "because" };
    case "plan":
      return { mode: "plan" };
    case "long":
      return longInput(draw);
    case "nothing":
      return {};
  }
}

function longInput(draw: Draw): Record<string, string> {
  const letter = draw.pick(["x", "ü", '"', "\n"]);
  const text = letter.repeat(
    draw.pick([600, 20_000, 230_000, 230_000]) / (Buffer.byteLength(JSON.stringify(letter)) - 2),
  );
  const key = draw.pick([
    "unknown",
    "unknown",
    "unknown",
    "requester",
    "reason",
    "version",
    "environment",
    "application",
    "set",
    "mode",
  ]);
  return key === "unknown" ? { [text]: "1" } : { [key]: text };
}

function cancel({ world }: Stage, draw: Draw): void {
  const open = running(world);
  if (open.length === 0) return;
  const id = draw.pick(open);
  world.log(`somebody cancels ${world.label(id)}`);
  void world.invoke("CancelPromotion", { promotion: id, by: "ZOE" });
}

/** What observes a release finds something wrong with the next one that it looks at. */
function lookBad({ world }: Stage, draw: Draw): void {
  const kind = draw.pick(["unwell", "unclear", "unclear"] as const);
  const looks = kind === "unwell" ? 1 : draw.whole(1, 4);
  world.log(`the next ${looks} looks at a release are ${kind}`);
  for (let count = 0; count < looks; count += 1) {
    world.stores.observers.sayNext({ kind, reason: `it is ${kind}` });
  }
}

function abort({ world }: Stage, draw: Draw): void {
  const open = running(world);
  if (open.length === 0) return;
  const id = draw.pick(open);
  world.log(`somebody aborts ${world.label(id)}`);
  void world.invoke("AbortPromotion", { promotion: id, by: "ZOE" });
}

function stop({ world }: Stage, draw: Draw): void {
  const open = running(world);
  if (open.length > 0) stopExecution(world, draw.pick(open));
}

function outage({ world }: Stage, draw: Draw): void {
  const port = draw.pick([
    "registry",
    "cluster",
    "messenger",
    "approvals",
    "environments",
    "promotions",
    "waits",
    "trail",
    "bus",
    "workflow",
    "scans",
    "releases",
    "openWork",
  ]);
  world.breakDown(port, world.timeline.now() + draw.spread(5_000, 40 * minute));
}

function resume({ world }: Stage, draw: Draw): void {
  const environment = draw.pick(
    Object.keys(world.deployment().chain ? { production: 1, staging: 1 } : { production: 1 }),
  );
  sayResume(world, {
    environment,
    step: draw.pick(["ResumeEnvironment", "RestoreEnvironment"]),
    settled: draw.chance(0.7),
  });
}

function retry({ world }: Stage, draw: Draw): void {
  const ended = world.machine.executions().filter(({ status }) => status !== "running");
  if (ended.length === 0) return;
  const { id } = draw.pick(ended);
  world.log(`somebody tries ${world.label(id)} again`);
  void world.invoke("RetryPromotion", { promotion: id, requester: "ZOE" });
}
