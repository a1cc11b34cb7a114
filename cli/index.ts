import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { endings, type Ending } from "../src/domain/promotion.ts";
import { complete } from "./commands/complete.ts";
import { history } from "./commands/history.ts";
import { operate } from "./commands/operate.ts";
import { promote } from "./commands/promote.ts";
import { resume } from "./commands/resume.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { validate } from "./commands/validate.ts";
import { completionScripts, shells, type Shell } from "./completion-scripts.ts";
import { awsConnection, localConnection, type Connection } from "./connection.ts";
import { describeFailure, type Failure } from "./describe-failure.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { fitsLocalCloud } from "./fits-local-cloud.ts";
import { loadProject } from "./load-project.ts";
import { readLocalState } from "./local-state.ts";
import { plainName } from "./plain-name.ts";
import { knownPromotions, resolvePromotion } from "./resolve-promotion.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
const root = process.cwd();

interface Common {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly aws?: boolean;
  readonly stage: string;
  readonly config: string;
}

/**
 * The running local cloud; a real account only when asked for, and then said before anything is
 * done.
 */
async function connect({ aws, stage, config, json }: Common): Promise<Connection> {
  if (aws) {
    const { registry } = (await loadProject({ root, config })).configuration;
    const connection = awsConnection({ ...registry, stage });
    if (!json) terminal.error(`This is ${connection.where}.`);
    return connection;
  }
  const state = await readLocalState(root);
  await fitsLocalCloud(root, { config: typed("config"), stage: typed("stage") }, state);
  if (!state) {
    throw new CommandError(
      "no local cloud is running here: start one with `npm start`, or name an account with `--aws`",
      exitCodes.usage,
    );
  }
  if (state.real.length > 0 && !json) {
    terminal.error(`This local cloud has real parts: ${state.real.join(", ")}.`);
  }
  return localConnection(state);
}

/** Whoever presses Tab wants words or none, and no message. */
const wordSources = {
  applications: async () =>
    Object.keys((await loadProject({ root, config: common().config })).configuration.applications),
  environments: async (application: string) =>
    Object.keys(
      (await loadProject({ root, config: common().config })).configuration.applications[application]
        ?.environments ?? {},
    ),
  promotions: async () => knownPromotions(await connect({ ...common(), json: true })),
};

const named = "its name or the beginning of it, as `status` and `history` print it, or `last`";

const program = new Command("promoter")
  .description("Promotes container images to production and rolls them out.")
  .showHelpAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({
    writeErr: (text) => {
      if (!common().json) process.stderr.write(text);
    },
  })
  .option("--json", "print JSON for programs")
  .option("-v, --verbose", "every reason of every step")
  .option("--aws", "use the AWS account that promoter.yml names, not the local cloud")
  .option("--stage <stage>", "stage of the stack", "dev")
  .option("--config <file>", "the configuration", "promoter.yml");

const common = (): Common => program.opts<Common>();
const typed = (option: "config" | "stage"): string | undefined =>
  program.getOptionValueSource(option) === "cli" ? common()[option] : undefined;
const exitWith = async (command: Promise<number>): Promise<void> =>
  void (process.exitCode = await command);
/** Ctrl-C of whoever only follows. */
const interrupted = (): AbortSignal => {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return stop.signal;
};
/** With the name of the promotion that is meant, before anything is done with it. */
const onPromotion = async (
  given: string,
): Promise<{ promotion: string; connection: Connection; terminal: typeof terminal }> => {
  const connection = await connect(common());
  return { promotion: await resolvePromotion(given, connection), connection, terminal };
};
const me = (): string => process.env["PROMOTER_USER"] ?? userInfo().username;

program
  .command("validate")
  .description("check promoter.yml and the pod specs; every fault at once")
  .action(async () => validate({ root, ...common() }, terminal));
program
  .command("plan")
  .description("show what a promotion would do; changes nothing")
  .addArgument(plainName("<application>"))
  .addArgument(plainName("<version>"))
  .addArgument(plainName("<environment>"))
  .action(async (application: string, version: string, environment: string) =>
    exitWith(
      promote(
        {
          input: { application, version, environment, mode: "plan", requester: me() },
          name: `plan-${randomUUID()}`,
          signal: interrupted(),
          ...common(),
        },
        { connection: await connect(common()), terminal },
      ),
    ),
  );
program
  .command("promote")
  .description("promote a version into an environment and follow it to its end")
  .addArgument(plainName("<application>"))
  .addArgument(plainName("<version>"))
  .addArgument(plainName("<environment>"))
  .option("--reason <text>", "why; people are shown it")
  .option("--no-follow", "do not wait for the end")
  .action(
    async (
      application: string,
      version: string,
      environment: string,
      options: { reason?: string; follow: boolean },
    ) => {
      const input = {
        application,
        version,
        environment,
        requester: me(),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      };
      await exitWith(
        promote(
          {
            input,
            name: `m-${randomUUID()}`,
            follow: options.follow,
            signal: interrupted(),
            ...common(),
          },
          { connection: await connect(common()), terminal },
        ),
      );
    },
  );
program
  .command("status")
  .description("what runs, what is under way, and which versions wait for which members")
  .addArgument(plainName("[application]"))
  .action(async (application?: string) =>
    status({ application, ...common() }, { connection: await connect(common()), terminal }),
  );
program
  .command("history")
  .description("the promotions that ended, newest first")
  .addArgument(plainName("<application>"))
  .addArgument(plainName("<environment>"))
  .option("--limit <n>", "how many, 1 to 100", pageSize, 20)
  .option("--before <cursor>", "go on after a page")
  .addOption(
    new Option("--ending <ending>", "only what ended like this; can be given again")
      .choices(endings)
      .argParser(oneMoreEnding),
  )
  .option("--promoted", "only what was promoted, the same as --ending Promoted")
  .action(
    async (
      application: string,
      environment: string,
      options: { limit: number; before?: string; ending?: readonly Ending[]; promoted?: boolean },
    ) => {
      const wanted = [
        ...(options.ending ?? []),
        ...(options.promoted ? ["Promoted" as const] : []),
      ];
      await history(
        {
          application,
          environment,
          limit: options.limit,
          before: options.before,
          endings: wanted,
          ...common(),
        },
        { connection: await connect(common()), terminal },
      );
    },
  );
program
  .command("show")
  .description("one promotion whole: steps, plan, votes, ending")
  .argument("<promotion>", named, promotionName)
  .action(async (given: string) => {
    const { promotion, ...ports } = await onPromotion(given);
    await show({ promotion, ...common() }, ports);
  });
program
  .command("cancel")
  .description("cancel a promotion that is not writing yet")
  .argument("<promotion>", named, promotionName)
  .action(async (given: string) => {
    const { promotion, ...ports } = await onPromotion(given);
    await operate(
      { functionName: "cancel-promotion", payload: { promotion, by: me() }, ...common() },
      ports,
    );
  });
program
  .command("resume")
  .description("lift the holds of an environment, or end that it counts as unsettled")
  .addArgument(plainName("<application>"))
  .addArgument(plainName("<environment>"))
  .option("--settled", "you looked at the cluster, and it is in order", false)
  .option("--roll-back", "put back what ran before, and wait until it runs", false)
  .action(
    async (
      application: string,
      environment: string,
      options: { settled: boolean; rollBack: boolean },
    ) =>
      exitWith(
        resume(
          { key: { application, environment, by: me() }, ...options, ...common() },
          { connection: await connect(common()), terminal },
        ),
      ),
  );
program
  .command("retry")
  .description("start the next attempt of a promotion that ended")
  .argument("<promotion>", named, promotionName)
  .option("--reason <text>", "why; people are shown it")
  .action(async (given: string, { reason }: { reason?: string }) => {
    const { promotion, ...ports } = await onPromotion(given);
    await operate(
      {
        functionName: "retry-promotion",
        payload: { promotion, requester: me(), ...(reason === undefined ? {} : { reason }) },
        ...common(),
      },
      ports,
    );
  });
program
  .command("reconcile")
  .description("repair now what lost events and killed functions left behind")
  .action(async () =>
    operate(
      { functionName: "reconcile", payload: {}, ...common() },
      { connection: await connect(common()), terminal },
    ),
  );
program
  .command("completion")
  .description("print a script that completes commands, names and promotions in your shell")
  .addArgument(new Argument("<shell>", "of yours").choices(shells))
  .action((shell: Shell) => terminal.line(completionScripts[shell].trimEnd(), "as it is"));
program
  .command("complete", { hidden: true })
  .argument("[words...]")
  .action(async (words: readonly string[]) => {
    for (const word of await complete(program, words, wordSources)) terminal.line(word, "as it is");
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reported(error);
}

function reported(error: unknown): number {
  if (error instanceof CommandError) return told(error);
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : misused(error);
  }
  return told(describeFailure(error));
}

/** People were told by Commander, with the help. */
function misused({ code, message }: CommanderError): number {
  if (!common().json) return exitCodes.usage;
  return told({
    message:
      code === "commander.help"
        ? "no command was given; `--help` lists them"
        : message.replace(/^error: /, ""),
    exitCode: exitCodes.usage,
  });
}

function told({ message, exitCode, details }: Failure): number {
  terminal.error(common().json ? JSON.stringify({ error: message, ...details }) : message);
  return exitCode;
}

/** Names of executions, which have neither blanks nor "#" in them. */
function promotionName(text: string): string {
  if (/^[^\s#]+$/.test(text)) return text;
  throw new InvalidArgumentError(
    "`status` and `history` print the names of promotions: p-… after a push, m-… by hand.",
  );
}

function oneMoreEnding(text: string, others: readonly Ending[] = []): readonly Ending[] {
  const ending = endings.find((one) => one.toLowerCase() === text.toLowerCase());
  if (ending) return [...others, ending];
  throw new InvalidArgumentError(`Endings are ${endings.join(", ")}.`);
}

function pageSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw new InvalidArgumentError("It must be a whole number from 1 to 100.");
}
