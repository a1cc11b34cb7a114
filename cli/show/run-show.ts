import { createLocalCloud, type LocalCloud } from "../../local/cloud.ts";
import { realPartsOf, type RealParts } from "../../local/real-parts/real-parts.ts";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { formatFaults } from "../../src/config/format-faults.ts";
import type { Application, Registry } from "../../src/domain/configuration.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import { localConnection } from "../connection.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadProject } from "../load-project.ts";
import { readLocalState, removeLocalState, writeLocalState, type LocalState } from "../local-state.ts";
import { checkParts } from "../real-parts/check-parts.ts";
import { describePart } from "../real-parts/describe-part.ts";
import { greeting } from "../real-parts/greeting.ts";
import { loadRealParts } from "../real-parts/load-real-parts.ts";
import { refuseSelfApproval } from "../real-parts/refuse-self-approval.ts";
import { userCredentials } from "../real-parts/user-credentials.ts";
import type { Terminal } from "../terminal.ts";
import { followAll, type Answers, type Follower } from "./follow-all.ts";
import { pushRelease } from "./push-release.ts";

export interface ShowOptions {
  readonly root: string;
  readonly config: string;
  /** The file of real parts. */
  readonly real: string | undefined;
  /** Where secrets may be. */
  readonly env: Readonly<Record<string, string | undefined>>;
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
  const { configuration } = project;
  const real = await realPartsIn(options, configuration.registry);
  const refusal = refuseSelfApproval(realPartsOf(configuration, real), options);
  if (refusal !== undefined) throw new CommandError(refusal, exitCodes.usage);
  const parts = await checkParts({ configuration, real });
  const template = await loadTemplate({ root: options.root, configuration, stage: "dev", ...configuration.registry });
  const cloud = await createLocalCloud({ ...project, template, root: options.root, port: options.port, real }).catch(portInUse);
  const state: LocalState = {
    ...configuration.registry, origin: cloud.origin, pid: process.pid, stage: "dev", stateMachineArn: cloud.stack.stateMachines[0]?.arn ?? "",
    real: parts.map(({ part }) => describePart(part)),
  };
  await writeLocalState(options.root, state);
  try {
    greet(cloud, { real, terminal });
    for (const line of greeting(parts, { configuration, callbackDoor: cloud.callbackDoor })) terminal.line(line);
    return await promoteAll({ cloud, state, options, real, applications: Object.values(configuration.applications) }, terminal);
  } finally {
    await removeLocalState(options.root);
    await cloud.close();
  }
}

async function realPartsIn({ root, real: file, env }: ShowOptions, registry: Registry): Promise<RealParts> {
  if (file === undefined) return {};
  const loaded = await loadRealParts({ root, file, env, registry, credentials: userCredentials });
  if (loaded.kind === "ok") return loaded.real;
  throw new CommandError(formatFaults(loaded.faults), exitCodes.usage);
}

async function refuseSecondCloud(root: string): Promise<void> {
  const running = await readLocalState(root);
  if (running) throw new CommandError(`a local cloud runs here already at ${running.origin} (process ${running.pid}); stop it first with Ctrl-C`, exitCodes.usage);
}

function portInUse(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") throw new CommandError(`${error.message}: another program has this port; choose one with --port, or slack.callbackPort in the file of real parts`, exitCodes.usage);
  throw error;
}

interface Greeting {
  readonly real: RealParts;
  readonly terminal: Terminal;
}

function greet({ origin, registryCredentials }: LocalCloud, { real, terminal: { line, style } }: Greeting): void {
  const host = origin.replace("http://", "");
  line(style("bold", `\nThe local cloud runs at ${origin}`));
  if (!real.slack) line(`  Slack     ${origin}/_slack/`);
  if (!real.ecr) line(`  registry  ${host}   (docker login ${host} -u ${registryCredentials.user} -p ${registryCredentials.password})`);
  line(`  AWS       aws --endpoint-url ${origin} stepfunctions list-executions --state-machine-arn …\n`);
}

interface Showing {
  readonly cloud: LocalCloud;
  readonly state: LocalState;
  readonly options: ShowOptions;
  readonly real: RealParts;
  readonly applications: readonly Application[];
}

async function promoteAll({ cloud, state, options, real, applications }: Showing, terminal: Terminal): Promise<readonly Ending[]> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const follower = followAll({ cloud, connection: localConnection(state), answers: answersOf(options, real), applications, signal: stop.signal }, terminal);
  const endings = real.ecr ? [] : await promotePushed({ cloud, applications, follower }, terminal);
  if (!options.once && !stop.signal.aborted) {
    terminal.line(`The cloud stays up: ${real.ecr ? "promote with 'npm run promoter -- promote'" : "push more images"}, or press Ctrl-C to stop.`);
    await follower.untilStopped();
  }
  stop.abort();
  await follower.untilStopped();
  return endings;
}

function answersOf({ yes }: ShowOptions, { slack }: RealParts): Answers {
  if (slack) return "in Slack";
  return yes ? "by itself" : "here";
}

interface Pushed {
  readonly cloud: LocalCloud;
  readonly applications: readonly Application[];
  readonly follower: Follower;
}

/** A release of every application, and how the promotions ended that this started. */
async function promotePushed({ cloud, applications, follower }: Pushed, terminal: Terminal): Promise<readonly Ending[]> {
  for (const application of applications) await pushRelease({ cloud, application }, terminal);
  return follower.first(applications.reduce((count, { environments }) => count + Object.values(environments).filter(({ after }) => after === undefined).length, 0));
}
