import { Argument, type Command } from "commander";
import { complete } from "./commands/complete.ts";
import { completionScripts, shells, type Shell } from "./completion-scripts.ts";
import type { Session } from "./session.ts";

export function addCompletion(program: Command, session: Session): void {
  const { terminal, configuration, promotions } = session;
  program
    .command("completion")
    .description("print a script that completes commands, names and promotions in your shell")
    .addArgument(new Argument("<shell>", "of yours").choices(shells))
    .action((shell: Shell) => terminal.line(completionScripts[shell].trimEnd(), "as it is"));
  const sources = {
    applications: async () => Object.keys((await configuration()).applications),
    environments: async (application: string) =>
      Object.keys((await configuration()).applications[application]?.environments ?? {}),
    promotions,
  };
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: readonly string[]) => {
      for (const word of await complete(program, words, sources)) terminal.line(word, "as it is");
    });
}
