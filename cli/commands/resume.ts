import * as z from "zod";
import { describeTimes } from "../describe-times.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { operate } from "./operate.ts";
import type { CommandPorts } from "./promote.ts";

export interface ResumeOptions {
  readonly key: { readonly application: string; readonly environment: string; readonly by: string };
  readonly settled: boolean;
  readonly rollBack: boolean;
  readonly json?: boolean;
}

const resultSchema = z.object({
  outcome: z.enum(["progressing", "stalled", "resumed"]),
  reasons: z.array(z.string()),
  seconds: z.number().optional(),
});

/**
 * Lifts holds, marks an unsettled environment as settled, or rolls it back and waits until the
 * rollback is done. Returns the exit code.
 */
export async function resume(
  { key, settled, rollBack, json = false }: ResumeOptions,
  ports: CommandPorts,
): Promise<number> {
  if (settled && rollBack) {
    throw new CommandError(
      "--settled and --roll-back are mutually exclusive: " +
        "either the cluster is in order, or what ran before is restored",
      exitCodes.usage,
    );
  }
  if (rollBack) return restore(key, { json, ...ports });
  await operate({ functionName: "resume-environment", payload: { ...key, settled }, json }, ports);
  return exitCodes.done;
}

async function restore(
  key: ResumeOptions["key"],
  { json, connection, terminal }: CommandPorts & { readonly json: boolean },
): Promise<number> {
  for (;;) {
    const {
      outcome,
      reasons,
      seconds = 2,
    } = resultSchema.parse(await connection.invoke("restore-environment", key));
    if (!json) terminal.line([outcome, ...reasons.map(describeTimes)].join("\n  "));
    if (outcome !== "progressing") {
      if (json) terminal.line(JSON.stringify({ outcome, reasons }));
      return outcome === "resumed" ? exitCodes.done : exitCodes.failed;
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
