import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handler } from "./in-process-sandbox.ts";
import type { FromProcess, ToProcess } from "./process-messages.ts";
import { returned, thrown } from "./replies.ts";

/**
 * The program of a function's process: loads the bundle as Lambda's Node runtime does, from
 * LAMBDA_TASK_ROOT by `_HANDLER` (`index.handler`), and answers what comes over the IPC channel.
 * The channel closes when the cloud is gone, however it went.
 */
const {
  LAMBDA_TASK_ROOT: folder = "",
  _HANDLER: place = "",
  AWS_LAMBDA_FUNCTION_NAME: functionName = "",
} = process.env;
const [file = "", name = ""] = place.split(".");

process.on("disconnect", () => process.exit());
// Ctrl-C reaches every process of the terminal; the cloud ends this one itself.
process.on("SIGINT", () => undefined);

const bundle = (await import(pathToFileURL(join(folder, `${file}.mjs`)).href)) as Readonly<
  Record<string, Handler>
>;
const handler = bundle[name];
if (!handler) throw new Error(`${file}.mjs exports no ${name}`);

process.on("message", (message: ToProcess) => void answer(handler, message));
say({ kind: "ready" });

async function answer(
  run: Handler,
  { requestId, payload, deadline, arn }: ToProcess,
): Promise<void> {
  const context = {
    functionName,
    invokedFunctionArn: arn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const reply = await run(payload, context).then(returned, thrown);
  say({ kind: "reply", requestId, reply });
}

function say(message: FromProcess): void {
  process.send?.(message);
}
