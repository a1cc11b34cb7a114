import { Command } from "commander";
import { push } from "./commands/push.ts";
import { describeFailure } from "./describe-failure.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { loadPolicy } from "./load-project.ts";
import { readLocalState } from "./local-state.ts";
import { logInLocally } from "./registry-login.ts";
import { processTerminal } from "./terminal.ts";

const root = process.cwd();
const terminal = processTerminal();

const program = new Command("npm run push --")
  .description(
    "Builds a small image for each member of an application and pushes it to the running local cloud.\n" +
      "No container engine is needed.",
  )
  .showHelpAfterError()
  .exitOverride()
  .argument("<application>")
  .argument("<version>")
  .option(
    "--only <repository>",
    "only this member; repeatable",
    (one: string, others: readonly string[]) => [...others, one],
    [],
  )
  .option(
    "--rebuild",
    "different contents from the last time, as in a rebuild of the same version",
    false,
  )
  .option("--config <file>", "the configuration", "promoter.yml")
  .action(
    async (
      application: string,
      version: string,
      options: { only: readonly string[]; rebuild: boolean; config: string },
    ) => {
      const configuration = await loadPolicy({ root, config: options.config });
      const state = await readLocalState(root);
      if (!state) {
        throw new CommandError(
          "no local cloud is running here: start one with `npm start`",
          exitCodes.usage,
        );
      }
      await push(
        { application, version, ...options },
        { configuration, registry: await logInLocally(state), terminal },
      );
    },
  );

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reported(error);
}

function reported(error: unknown): number {
  if (error instanceof Error && "code" in error && String(error.code).startsWith("commander.")) {
    return Number("exitCode" in error ? error.exitCode : 0) === 0
      ? exitCodes.done
      : exitCodes.usage;
  }
  const { message, exitCode } = error instanceof CommandError ? error : describeFailure(error);
  terminal.error(message);
  return exitCode;
}
