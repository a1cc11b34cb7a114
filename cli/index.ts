import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { awsConnection, localConnection, type Connection } from "./connection.ts";
import { describeFailure, type Failure } from "./describe-failure.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { history } from "./commands/history.ts";
import { operate } from "./commands/operate.ts";
import { promote } from "./commands/promote.ts";
import { resume } from "./commands/resume.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { validate } from "./commands/validate.ts";
import { loadProject } from "./load-project.ts";
import { readLocalState } from "./local-state.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
const root = process.cwd();

interface Common {
  readonly json?: boolean;
  readonly aws?: boolean;
  readonly stage: string;
  readonly config: string;
}

/** The running local cloud; a real account only when asked for, and then said before anything is done. */
async function connect({ aws, stage, config, json }: Common): Promise<Connection> {
  if (aws) {
    const { registry } = (await loadProject({ root, config })).configuration;
    const connection = awsConnection({ ...registry, stage });
    if (!json) terminal.error(`This is ${connection.where}.`);
    return connection;
  }
  const state = await readLocalState(root);
  if (!state) throw new CommandError("no local cloud is running here: start one with `npm start`, or name an account with `--aws`", exitCodes.usage);
  if (state.real.length > 0 && !json) terminal.error(`This local cloud has real parts: ${state.real.join(", ")}.`);
  return localConnection(state);
}

const program = new Command("promoter").description("Promotes container images to production and rolls them out.").showHelpAfterError().exitOverride()
  .configureOutput({ writeErr: (text) => { if (!common().json) process.stderr.write(text); } })
  .option("--json", "print JSON for programs")
  .option("--aws", "use the AWS account that promoter.yml names, not the local cloud")
  .option("--stage <stage>", "stage of the stack", "dev")
  .option("--config <file>", "the configuration", "promoter.yml");

const common = (): Common => program.opts<Common>();
const exitWith = async (command: Promise<number>): Promise<void> => void (process.exitCode = await command);
const me = (): string => process.env["PROMOTER_USER"] ?? userInfo().username;

program.command("validate").description("check promoter.yml and the pod specs; every fault at once")
  .action(async () => validate({ root, ...common() }, terminal));
program.command("plan").description("show what a promotion would do; changes nothing")
  .argument("<application>").argument("<version>").argument("<environment>")
  .action(async (application: string, version: string, environment: string) =>
    exitWith(promote({ input: { application, version, environment, mode: "plan", requester: me() }, name: `plan-${randomUUID()}`, ...common() }, { connection: await connect(common()), terminal })));
program.command("promote").description("promote a version into an environment and follow it to its end")
  .argument("<application>").argument("<version>").argument("<environment>").option("--reason <text>", "why; people are shown it").option("--no-follow", "do not wait for the end")
  .action(async (application: string, version: string, environment: string, options: { reason?: string; follow: boolean }) => {
    const input = { application, version, environment, requester: me(), ...(options.reason === undefined ? {} : { reason: options.reason }) };
    await exitWith(promote({ input, name: `m-${randomUUID()}`, follow: options.follow, ...common() }, { connection: await connect(common()), terminal }));
  });
program.command("status").description("what runs, what is under way, and which versions wait for which members").argument("[application]")
  .action(async (application?: string) => status({ application, ...common() }, { connection: await connect(common()), terminal }));
program.command("history").description("the promotions that ended, newest first").argument("<application>").argument("<environment>")
  .option("--limit <n>", "how many, 1 to 100", pageSize, 20).option("--before <cursor>", "go on after a page")
  .action(async (application: string, environment: string, options: { limit: number; before?: string }) =>
    history({ application, environment, limit: options.limit, before: options.before, ...common() }, { connection: await connect(common()), terminal }));
program.command("show").description("one promotion whole: steps, plan, votes, ending").argument("<promotion>", "as `status` and `history` print it", promotionName)
  .action(async (promotion: string) => show({ promotion, ...common() }, { connection: await connect(common()), terminal }));
program.command("cancel").description("cancel a promotion that is not writing yet").argument("<promotion>", "as `status` and `history` print it", promotionName)
  .action(async (promotion: string) => operate({ functionName: "cancel-promotion", payload: { promotion, by: me() }, ...common() }, { connection: await connect(common()), terminal }));
program.command("resume").description("lift the holds of an environment, or end that it counts as unsettled")
  .argument("<application>").argument("<environment>")
  .option("--settled", "you looked at the cluster, and it is in order", false).option("--roll-back", "put back what ran before, and wait until it runs", false)
  .action(async (application: string, environment: string, options: { settled: boolean; rollBack: boolean }) =>
    exitWith(resume({ key: { application, environment, by: me() }, ...options, ...common() }, { connection: await connect(common()), terminal })));
program.command("retry").description("start the next attempt of a promotion that ended").argument("<promotion>", "as `status` and `history` print it", promotionName).option("--reason <text>")
  .action(async (promotion: string, { reason }: { reason?: string }) =>
    operate({ functionName: "retry-promotion", payload: { promotion, requester: me(), ...(reason === undefined ? {} : { reason }) }, ...common() }, { connection: await connect(common()), terminal }));
program.command("reconcile").description("repair now what lost events and killed functions left behind")
  .action(async () => operate({ functionName: "reconcile", payload: {}, ...common() }, { connection: await connect(common()), terminal }));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reported(error);
}

function reported(error: unknown): number {
  if (error instanceof CommandError) return told(error);
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : misused(error);
  return told(describeFailure(error));
}

/** People were told by Commander, with the help. */
function misused({ code, message }: CommanderError): number {
  if (!common().json) return exitCodes.usage;
  return told({ message: code === "commander.help" ? "no command was given; `--help` lists them" : message.replace(/^error: /, ""), exitCode: exitCodes.usage });
}

function told({ message, exitCode, details }: Failure): number {
  terminal.error(common().json ? JSON.stringify({ error: message, ...details }) : message);
  return exitCode;
}

/** Names of executions, which have neither blanks nor "#" in them. */
function promotionName(text: string): string {
  if (/^[^\s#]+$/.test(text)) return text;
  throw new InvalidArgumentError("`status` and `history` print the names of promotions: p-… after a push, m-… by hand.");
}

function pageSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw new InvalidArgumentError("It must be a whole number from 1 to 100.");
}
