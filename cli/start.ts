import { parseArgs } from "node:util";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { describeResult } from "./show/describe-result.ts";
import { showExitCode } from "./show/show-exit-code.ts";
import { processTerminal } from "./terminal.ts";

const help = `npm start -- [options]

Starts the local cloud, pushes images of every application of promoter.yml, and shows how they are promoted.

  --once           exit when the promotions started by its own pushes have ended;
                   exit code 0 if all of them were promoted, 128 or more if
                   stopped earlier (implied without a terminal)
  --no-push        push nothing; use \`npm run push\` later
  --yes            approve automatically (only while every part is simulated)
  --packaged       run the minified bundles that go to AWS, one process per container, instead of the sources
  -v, --verbose    every reason of every step, and the pods
  --port <port>    port of the local cloud (default 4510; 0 picks a free one)
  --config <file>  the configuration (default promoter.yml)
  --real <file>    which parts are your own, such as promoter.local.yml (default none)
  --help           this text
`;

const terminal = processTerminal();

const options = {
  once: { type: "boolean" },
  "no-push": { type: "boolean" },
  yes: { type: "boolean" },
  packaged: { type: "boolean" },
  verbose: { type: "boolean", short: "v" },
  help: { type: "boolean", short: "h" },
  port: { type: "string", default: "4510" },
  config: { type: "string", default: "promoter.yml" },
  real: { type: "string" },
} as const;

async function main(): Promise<number> {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 24) {
    throw new CommandError(
      `Node 24 is needed, this is ${process.version}. ` +
        "On Linux `npm ci` installs it; elsewhere install it from nodejs.org or with nvm.",
      exitCodes.usage,
    );
  }
  const { values } = parseOptions();
  if (values.help) {
    terminal.line(help);
    return exitCodes.done;
  }
  terminal.line(terminal.style("dim", "Starting the local cloud …"));
  const { runShow } = await import("./show/run-show.ts");
  const push = values["no-push"] !== true;
  if (!push && values.once) {
    throw new CommandError(
      "--once exits after the promotions, and with --no-push there are none: use only one of them",
      exitCodes.usage,
    );
  }
  const once = push && (values.once === true || !terminal.interactive);
  const result = await runShow(
    {
      root: process.cwd(),
      config: values.config,
      real: values.real,
      env: process.env,
      keyboard: { input: process.stdin, output: process.stdout },
      port: portOf(values.port),
      once,
      push,
      yes: values.yes === true || !terminal.interactive,
      packaged: values.packaged === true,
      verbose: values.verbose === true,
    },
    terminal,
  );
  for (const line of describeResult(result)) terminal.error(line);
  return showExitCode(result);
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new CommandError(
    `--port ${JSON.stringify(text)} is not a valid port: give a number from 0 (any free one) to 65535`,
    exitCodes.usage,
  );
}

function parseOptions(): ReturnType<typeof parseArgs<{ options: typeof options }>> {
  try {
    return parseArgs({ options });
  } catch (error) {
    throw new CommandError(
      `${error instanceof Error ? error.message : String(error)}\n\n${help}`,
      exitCodes.usage,
    );
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  terminal.error(error.message);
  process.exitCode = error.exitCode;
}
