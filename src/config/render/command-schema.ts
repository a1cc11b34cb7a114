import * as z from "zod";
import { commandWords } from "./command-words.ts";

const maxCommandLength = 1000;

/** A command as it is written in promoter.yml, which can be run without a shell. */
export function commandSchema(): z.ZodType<string, string> {
  const text = z.string().meta({ examples: ["kustomize build overlays/production"] });
  return text.transform((command, context) => {
    const problem = problemOf(command);
    if (problem === undefined) return command;
    context.issues.push({ code: "custom", input: command, ...problem });
    return z.NEVER;
  });
}

function problemOf(
  command: string,
): { readonly message: string; readonly params: { readonly remedy: string } } | undefined {
  const split = commandWords(command);
  if (split.kind === "unsupported") {
    return {
      message: `the command has ${split.what}, and no shell runs it`,
      params: {
        remedy:
          "put it in single quotes if it is an argument; what needs a shell goes into a script: render: ./render.sh",
      },
    };
  }
  return command.length > maxCommandLength
    ? {
        message: `the command is longer than ${maxCommandLength} characters`,
        params: { remedy: "put it into a script, and name that: render: ./render.sh" },
      }
    : undefined;
}
