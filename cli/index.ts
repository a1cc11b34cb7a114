import { Command, CommanderError } from "commander";
import { addCompletion } from "./completion-verbs.ts";
import { describeFailure, type Failure } from "./describe-failure.ts";
import {
  addClusterAccess,
  addHistory,
  addReconcile,
  addResume,
  addStatus,
  addValidate,
} from "./environment-verbs.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { addAbort, addCancel, addPlan, addPromote, addRetry, addShow } from "./promotion-verbs.ts";
import { createSession } from "./session.ts";
import { addPushManifests, addRender } from "./source-verbs.ts";
import { processTerminal } from "./terminal.ts";

const terminal = processTerminal();
const program = new Command("promoter")
  .description("Promotes container images to production and rolls them out.")
  .showHelpAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({
    writeErr: (text) => {
      if (!session.options().json) process.stderr.write(text);
    },
  })
  .option("--json", "print JSON for programs")
  .option("-v, --verbose", "print every reason of every step")
  .option("--aws", "use the AWS account that promoter.yml names, not the local cloud")
  .option("--stage <stage>", "stage of the stack", "dev")
  .option("--config <file>", "the configuration", "promoter.yml");
const session = createSession(program, { root: process.cwd(), terminal });

/** In the order of the help. */
const verbs = [
  addValidate,
  addRender,
  addPushManifests,
  addClusterAccess,
  addPlan,
  addPromote,
  addStatus,
  addHistory,
  addShow,
  addCancel,
  addAbort,
  addResume,
  addRetry,
  addReconcile,
  addCompletion,
];
for (const addVerb of verbs) addVerb(program, session);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommandError) return print(error);
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : reportMisuse(error);
  }
  return print(describeFailure(error));
}

/** Commander has already printed the error, with the help. */
function reportMisuse({ code, message }: CommanderError): number {
  if (!session.options().json) return exitCodes.usage;
  return print({
    message:
      code === "commander.help"
        ? "no command given; `--help` lists them"
        : message.replace(/^error: /, ""),
    exitCode: exitCodes.usage,
  });
}

function print({ message, exitCode, details }: Failure): number {
  terminal.error(session.options().json ? JSON.stringify({ error: message, ...details }) : message);
  return exitCode;
}
