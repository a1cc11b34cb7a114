import { readProjectFile } from "../src/config/project-files.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import type { LocalState } from "./local-state.ts";

/**
 * The local cloud read its configuration when it started and has one stage: options must match it
 * and are never ignored; undefined: left out.
 */
export async function checkLocalOptions(
  root: string,
  { config, stage }: { readonly config: string | undefined; readonly stage: string | undefined },
  state: LocalState | undefined,
): Promise<void> {
  const file = config === undefined ? undefined : await readProjectFile(root, config);
  if (file && "unread" in file) {
    throw new CommandError(
      `${file.file}: ${file.unread.message}; ${file.unread.remedy}, or name another one with --config`,
      exitCodes.usage,
    );
  }
  if (state === undefined || stage === undefined || stage === state.stage) return;
  throw new CommandError(
    `the local cloud has the stage "${state.stage}", not "${stage}": ` +
      "leave --stage out, or name an account with `--aws`",
    exitCodes.usage,
  );
}
