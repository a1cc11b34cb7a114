import { resolve } from "node:path";
import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import { realPartsOf, type RealParts } from "@promoter/local-cloud/real-parts";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { packageFunctions } from "../../scripts/stack/package-functions.ts";
import { formatFaults } from "../../src/config/format-faults.ts";
import type { Project } from "../../src/config/load-configuration.ts";
import type { Registry } from "../../src/domain/configuration.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadProject } from "../load-project.ts";
import {
  readLocalState,
  removeLocalState,
  writeLocalState,
  type LocalState,
} from "../local-state.ts";
import { checkParts, type CheckedPart } from "../real-parts/check-parts.ts";
import { describePart } from "../real-parts/describe-part.ts";
import { greeting } from "../real-parts/greeting.ts";
import { loadRealParts } from "../real-parts/load-real-parts.ts";
import { refuseSelfApproval } from "../real-parts/refuse-self-approval.ts";
import { userCredentials } from "../real-parts/user-credentials.ts";
import type { Terminal } from "../terminal.ts";
import { promoteAll, type ShowResult } from "./promote-all.ts";
import type { Keyboard } from "./prompter.ts";
import { skippedPushes } from "./skipped-pushes.ts";

export interface ShowOptions {
  readonly root: string;
  readonly config: string;
  /** The file of real parts. */
  readonly real: string | undefined;
  /** Where secrets may be. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person who is asked. */
  readonly keyboard: Keyboard;
  /** 0 takes a free one. */
  readonly port: number;
  /** Leave after the promotions. */
  readonly once: boolean;
  /** Push a first release of every application. */
  readonly push: boolean;
  /** Approve without asking. */
  readonly yes: boolean;
  /** Every reason of every step, and the pods. */
  readonly verbose: boolean;
  /** Run the bundles that go to AWS. */
  readonly packaged: boolean;
}

const bundles = ".promoter/packaged";
/** A user of the local Slack who is not an approver of anything, to show what such a click does. */
const bystander = { id: "U0BYSTANDER", name: "bystander (not an approver)" };

/** The local cloud with everything that a person wants to see of a promotion. */
export async function runShow(options: ShowOptions, terminal: Terminal): Promise<ShowResult> {
  await refuseSecondCloud(options.root);
  const project = await loadProject(options);
  const real = await realPartsIn(options, project.configuration.registry);
  refuse(options, realPartsOf(project.configuration, real));
  const parts = await checkParts({ configuration: project.configuration, real });
  const applications = Object.values(project.configuration.applications);
  const skipped = skippedPushes(applications);
  const cloud = await startCloud(options, { project, real, log: skipped.note });
  const state = stateOf(cloud, { project, parts });
  await writeLocalState(options.root, state);
  try {
    greet(cloud, { ...options, real }, terminal);
    for (const line of greeting(parts, {
      configuration: project.configuration,
      callbackDoor: cloud.callbackDoor,
    })) {
      terminal.line(line);
    }
    return await promoteAll({ ...options, cloud, state, real, skipped, applications }, terminal);
  } finally {
    await removeLocalState(options.root);
    await cloud.close();
  }
}

async function refuseSecondCloud(root: string): Promise<void> {
  const running = await readLocalState(root);
  if (running) {
    throw new CommandError(
      `a local cloud is already running at ${running.origin} (process ${running.pid}); stop it first with Ctrl-C`,
      exitCodes.usage,
    );
  }
}

async function realPartsIn(
  { root, real: file, env }: ShowOptions,
  registry: Registry,
): Promise<RealParts> {
  if (file === undefined) return {};
  const loaded = await loadRealParts({ root, file, env, registry, credentials: userCredentials });
  if (loaded.kind === "ok") return loaded.real;
  throw new CommandError(formatFaults(loaded.faults), exitCodes.usage);
}

function refuse(options: ShowOptions, parts: ReturnType<typeof realPartsOf>): void {
  const refusal = refuseSelfApproval(parts, options);
  if (refusal !== undefined) throw new CommandError(refusal, exitCodes.usage);
  const clusters = parts.flatMap((part) => (part.kind === "cluster" ? [part.name] : []));
  if (options.packaged && clusters.length > 0) {
    throw new CommandError(
      `${clusters.join(", ")} is reached by a context of your kubeconfig, ` +
        "which packaged functions do not have, here as in AWS: run `npm start` without --packaged",
      exitCodes.usage,
    );
  }
}

async function startCloud(
  { root, port, packaged }: ShowOptions,
  {
    project,
    real,
    log,
  }: {
    readonly project: Project;
    readonly real: RealParts;
    readonly log: (record: unknown) => void;
  },
): Promise<LocalCloud> {
  const template = await loadTemplate({ root, configuration: project.configuration, stage: "dev" });
  if (packaged) {
    await packageFunctions({ root, outdir: bundles, functions: template.functions, project });
  }
  return createLocalCloud({
    ...project,
    ...(packaged ? { packaged: resolve(root, bundles) } : {}),
    template,
    root,
    port,
    real,
    log,
    people: [bystander],
  }).catch(portInUse);
}

function portInUse(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    throw new CommandError(
      `${error.message}: another program has this port; ` +
        "choose one with --port, or slack.callbackPort in the file of real parts",
      exitCodes.usage,
    );
  }
  throw error;
}

function stateOf(
  cloud: LocalCloud,
  { project, parts }: { readonly project: Project; readonly parts: readonly CheckedPart[] },
): LocalState {
  return {
    ...project.configuration.registry,
    origin: cloud.origin,
    pid: process.pid,
    stage: "dev",
    stateMachineArn: cloud.stack.stateMachines[0]?.arn ?? "",
    real: parts.map(({ part }) => describePart(part)),
  };
}

function greet(
  { origin, registryCredentials, environment, stack, clusters }: LocalCloud,
  { real, packaged }: { readonly real: RealParts; readonly packaged: boolean },
  { line, style }: Terminal,
): void {
  const host = origin.replace("http://", "");
  line(
    style("bold", `\nThe local cloud runs at ${origin}`) +
      style("dim", "  (open it for an overview)"),
  );
  if (!real.slack) line(`  Slack      ${origin}/_slack/`);
  if (!real.ecr) {
    line(
      `  registry   ${host}   (docker login ${host} -u ${registryCredentials.user} -p ${registryCredentials.password})`,
      "as it is",
    );
  }
  const aws = `aws --region ${environment["AWS_REGION"] ?? ""} --endpoint-url ${origin}`;
  const listing = `stepfunctions list-executions --state-machine-arn ${stack.stateMachines[0]?.arn ?? "…"}`;
  line(`  AWS        AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=any ${aws} ${listing}`, "as it is");
  for (const cluster of clusters.keys()) {
    line(
      `  cluster    kubectl --server ${origin}/_kubernetes/${cluster} get pods --all-namespaces`,
      "as it is",
    );
  }
  if (packaged) line(`  functions  the minified bundles in ${bundles}, one process per container`);
  line();
}
