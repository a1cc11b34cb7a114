import { userInfo } from "node:os";
import type { Command } from "commander";
import type { Configuration } from "../src/domain/configuration.ts";
import { checkLocalOptions } from "./check-local-options.ts";
import type { CommandPorts } from "./commands/promote.ts";
import { awsConnection, localConnection, type Connection } from "./connection.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { loadPolicy } from "./load-project.ts";
import { readLocalState, type LocalState } from "./local-state.ts";
import { logInLocally, logInToEcr, type RegistryLogin } from "./registry-login.ts";
import { knownPromotions, resolvePromotion, type Purpose } from "./resolve-promotion.ts";
import type { Terminal } from "./terminal.ts";

/** The options of every verb. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly aws?: boolean;
  readonly stage: string;
  readonly config: string;
}

/** What the verbs share: who calls, from where, and the promoter to use. */
export interface Session {
  readonly root: string;
  readonly terminal: Terminal;
  readonly options: () => GlobalOptions;
  /** The name of the person at the keyboard. */
  readonly user: () => string;
  readonly ports: () => Promise<CommandPorts>;
  /** The promotion that is meant, before anything is done with it. */
  readonly promotion: (
    given: string,
    purpose: Purpose,
  ) => Promise<CommandPorts & { readonly promotion: string }>;
  readonly configuration: () => Promise<Configuration>;
  /** To push to: that of the local cloud, or with --aws that of promoter.yml. */
  readonly registry: () => Promise<RegistryLogin>;
  /** For completion, which prints nothing but words. */
  readonly promotions: () => Promise<readonly string[]>;
}

export function createSession(
  program: Command,
  { root, terminal }: Pick<Session, "root" | "terminal">,
): Session {
  const options = (): GlobalOptions => program.opts<GlobalOptions>();
  const configuration = async (): Promise<Configuration> =>
    loadPolicy({ root, config: options().config });
  const connect = async (warn: (text: string) => void): Promise<Connection> =>
    options().aws
      ? connectToAws(await configuration(), options().stage, warn)
      : connectLocally(program, root, warn);
  const ports = async (): Promise<CommandPorts> => ({
    connection: await connect(options().json ? () => undefined : terminal.error),
    terminal,
  });
  return {
    root,
    terminal,
    options,
    user: () => process.env["PROMOTER_USER"] ?? userInfo().username,
    ports,
    async promotion(given, purpose) {
      const found = await ports();
      return { promotion: await resolvePromotion(given, purpose, found.connection), ...found };
    },
    configuration,
    registry: async () =>
      options().aws
        ? logInToEcr((await configuration()).registry)
        : logInLocally(await runningCloud(root)),
    promotions: async () =>
      (await knownPromotions(await connect(() => undefined))).map(({ id }) => id),
  };
}

/** Only on request, and then reported before anything is done. */
function connectToAws(
  { registry }: Configuration,
  stage: string,
  warn: (text: string) => void,
): Connection {
  const connection = awsConnection({ ...registry, stage });
  warn(`This is ${connection.where}.`);
  return connection;
}

function noCloud(): CommandError {
  return new CommandError(
    "no local cloud is running here: start one with `npm start`, or name an account with `--aws`",
    exitCodes.usage,
  );
}

async function runningCloud(root: string): Promise<LocalState> {
  const state = await readLocalState(root);
  if (!state) throw noCloud();
  return state;
}

async function connectLocally(
  program: Command,
  root: string,
  warn: (text: string) => void,
): Promise<Connection> {
  const typed = (option: "config" | "stage"): string | undefined =>
    program.getOptionValueSource(option) === "cli"
      ? program.opts<GlobalOptions>()[option]
      : undefined;
  const state = await readLocalState(root);
  await checkLocalOptions(root, { config: typed("config"), stage: typed("stage") }, state);
  if (!state) throw noCloud();
  if (state.real.length > 0) warn(`This local cloud has real parts: ${state.real.join(", ")}.`);
  return localConnection(state);
}
