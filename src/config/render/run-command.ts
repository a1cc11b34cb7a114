import { execFile, type ExecFileException } from "node:child_process";
import { formatDuration } from "../../domain/duration.ts";
import { renderedOutput } from "../../domain/pod-spec/object-source.ts";
import { decoded, maxFolderSize, type ProjectFile, type UnreadFile } from "../project-files.ts";
import { commandWords } from "./command-words.ts";
import { installRemedy } from "./install-remedy.ts";

export interface CommandPlace {
  /** Where it runs: the folder of promoter.yml. */
  readonly folder: string;
  /** In milliseconds. */
  readonly limit?: number;
}

const defaultLimit = 120_000;

/**
 * What a program prints, as if it were a file; or why there is nothing to read. It gets no input
 * and no terminal, and the environment of this process. Never throws for what the program does.
 */
export async function runCommand(
  command: string,
  { folder, limit = defaultLimit }: CommandPlace,
): Promise<ProjectFile> {
  const file = renderedOutput(command);
  const split = commandWords(command);
  if (split.kind === "unsupported") {
    return { file, unread: { message: `it has ${split.what}`, remedy: "write a script" } };
  }
  const [program, ...others] = split.words;
  const options = {
    cwd: folder,
    timeout: limit,
    killSignal: "SIGKILL",
    maxBuffer: maxFolderSize,
    encoding: "buffer",
  } as const;
  return new Promise((resolve) => {
    const child = execFile(program, others, options, (error, output, errors) => {
      const said: Said = { command, program, limit, folder, errors };
      resolve(error ? { file, unread: failure(error, said) } : asText(file, output));
    });
    child.stdin?.end();
  });
}

interface Said extends Required<CommandPlace> {
  readonly command: string;
  readonly program: string;
  readonly errors: Buffer;
}

function asText(file: string, output: Buffer): ProjectFile {
  const read = decoded(file, output);
  return "text" in read
    ? read
    : {
        file,
        unread: { message: `the ${file} is not UTF-8 text`, remedy: "let it print YAML in UTF-8" },
      };
}

function failure(error: ExecFileException, said: Said): UnreadFile["unread"] {
  const { command, program, folder, limit } = said;
  switch (String(error.code)) {
    case "ENOENT":
      return { message: `there is no program ${program}`, remedy: installRemedy(program, folder) };
    case "EACCES":
      return {
        message: `${program} cannot be run`,
        remedy: `make it executable with \`chmod +x ${program}\`, or name its interpreter: render: sh ${program}`,
      };
    case "ERR_CHILD_PROCESS_STDIO_MAXBUFFER":
      return {
        message: `\`${command}\` printed more than ${maxFolderSize / 1024 / 1024} MiB`,
        remedy: "let it print the objects of this environment alone",
      };
    default:
      return error.killed === true
        ? {
            message: `\`${command}\` took longer than ${formatDuration(limit)} and was stopped`,
            remedy: `run it by hand in ${folder} to see what it waits for: it gets no input`,
          }
        : {
            message: `\`${command}\` failed with ${exitOf(error)}: ${lastLines(said.errors)}`,
            remedy: `run it by hand in ${folder}, and repair what it reports`,
          };
  }
}

function exitOf({ code, signal }: ExecFileException): string {
  return signal ? `signal ${signal}` : `exit code ${String(code)}`;
}

const maxLines = 5;

function lastLines(errors: Buffer): string {
  const lines = errors
    .toString("utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? "it reported no error" : lines.slice(-maxLines).join(" | ");
}
