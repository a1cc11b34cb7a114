import * as z from "zod";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operate } from "./operate.ts";
import type { CommandPorts } from "./promote.ts";

export interface ResumeOptions {
  readonly key: { readonly application: string; readonly environment: string; readonly by: string };
  readonly settled: boolean;
  readonly rollBack: boolean;
  readonly json?: boolean;
}

const resultSchema = z.object({ outcome: z.enum(["progressing", "stalled", "resumed"]), reasons: z.array(z.string()), seconds: z.number().optional() });

/** Lifts holds, or says that an unsettled environment is in order, or has what ran before put back and waits until it runs. */
export async function resume({ key, settled, rollBack, json = false }: ResumeOptions, ports: CommandPorts): Promise<void> {
  if (settled && rollBack) throw new CommandError("--settled and --roll-back exclude each other: either the cluster is in order, or what ran before is put back", exitCodes.usage);
  if (!rollBack) return operate({ functionName: "resume-environment", payload: { ...key, settled }, json }, ports);
  return restore(key, { json, ...ports });
}

async function restore(key: ResumeOptions["key"], { json, connection, terminal }: CommandPorts & { readonly json: boolean }): Promise<void> {
  for (;;) {
    const { outcome, reasons, seconds = 2 } = resultSchema.parse(await connection.invoke("restore-environment", key));
    if (!json) terminal.line([outcome, ...reasons].join("\n  "));
    if (outcome !== "progressing") {
      if (json) terminal.line(JSON.stringify({ outcome, reasons }));
      process.exitCode = outcome === "resumed" ? exitCodes.done : exitCodes.failed;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
