import { createLocalCloud, type LocalCloud } from "../../local/cloud.ts";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import type { Application } from "../../src/domain/configuration.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import { localConnection } from "../connection.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadProject } from "../load-project.ts";
import { readLocalState, removeLocalState, writeLocalState, type LocalState } from "../local-state.ts";
import type { Terminal } from "../terminal.ts";
import { followAll } from "./follow-all.ts";
import { pushRelease } from "./push-release.ts";

export interface ShowOptions {
  readonly root: string;
  readonly config: string;
  readonly port: number;
  /** Leave after the promotions. */
  readonly once: boolean;
  /** Approve without asking. */
  readonly yes: boolean;
}

/** The local cloud with everything that a person wants to see of a promotion. Gives how each one ended. */
export async function runShow(options: ShowOptions, terminal: Terminal): Promise<readonly Ending[]> {
  await refuseSecondCloud(options.root);
  const project = await loadProject(options);
  assertSimulated(project.configuration.clusters, options);
  const { registry } = project.configuration;
  const template = await loadTemplate({ root: options.root, configuration: project.configuration, stage: "dev", ...registry });
  const cloud = await createLocalCloud({ ...project, template, root: options.root, port: options.port }).catch(portInUse);
  const state: LocalState = { ...registry, origin: cloud.origin, pid: process.pid, stage: "dev", stateMachineArn: cloud.stack.stateMachines[0]?.arn ?? "" };
  await writeLocalState(options.root, state);
  try {
    greet(cloud, terminal);
    return await promoteAll({ cloud, state, options, applications: Object.values(project.configuration.applications) }, terminal);
  } finally {
    await removeLocalState(options.root);
    await cloud.close();
  }
}

async function refuseSecondCloud(root: string): Promise<void> {
  const running = await readLocalState(root);
  if (running) throw new CommandError(`a local cloud runs here already at ${running.origin} (process ${running.pid}); stop it first with Ctrl-C`, exitCodes.usage);
}

/** As soon as one part is real, nothing approves itself. */
function assertSimulated(clusters: object, { yes }: ShowOptions): void {
  const real = Object.entries(clusters).filter(([, address]) => (address as { kind: string }).kind === "context").map(([name]) => name);
  if (yes && real.length > 0) throw new CommandError(`${real.join(", ")} is a real cluster, so nothing approves itself: run \`npm start\` in a terminal, without --yes`, exitCodes.usage);
}

function portInUse(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") throw new CommandError(`${error.message}: another program has this port; choose one with --port`, exitCodes.usage);
  throw error;
}

function greet({ origin, registryCredentials }: LocalCloud, { line, style }: Terminal): void {
  const host = origin.replace("http://", "");
  line(style("bold", `\nThe local cloud runs at ${origin}`));
  line(`  Slack     ${origin}/_slack/`);
  line(`  registry  ${host}   (docker login ${host} -u ${registryCredentials.user} -p ${registryCredentials.password})`);
  line(`  AWS       aws --endpoint-url ${origin} stepfunctions list-executions --state-machine-arn …\n`);
}

interface Showing {
  readonly cloud: LocalCloud;
  readonly state: LocalState;
  readonly options: ShowOptions;
  readonly applications: readonly Application[];
}

async function promoteAll({ cloud, state, options, applications }: Showing, terminal: Terminal): Promise<readonly Ending[]> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const follower = followAll({ cloud, connection: localConnection(state), yes: options.yes, applications, signal: stop.signal }, terminal);
  for (const application of applications) await pushRelease({ cloud, application }, terminal);
  const endings = await follower.first(applications.reduce((count, { environments }) => count + Object.values(environments).filter(({ after }) => after === undefined).length, 0));
  if (!options.once && !stop.signal.aborted) {
    terminal.line("The cloud stays up: push more images, or press Ctrl-C to stop.");
    await follower.untilStopped();
  }
  stop.abort();
  await follower.untilStopped();
  return endings;
}
