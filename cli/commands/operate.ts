import * as z from "zod";
import { describeTimes } from "../describe-times.ts";
import type { CommandPorts } from "./promote.ts";

const resultSchema = z.object({ outcome: z.string(), reasons: z.array(z.string()) });

export interface Operation {
  readonly functionName: string;
  readonly payload: object;
  readonly json?: boolean;
}

/** Invokes one of the operations and prints what it did. */
export async function operate(
  { functionName, payload, json = false }: Operation,
  { connection, terminal }: CommandPorts,
): Promise<void> {
  const result = await connection.invoke(functionName, payload);
  if (json) return terminal.line(JSON.stringify(result));
  const { outcome, reasons } = resultSchema.parse(result);
  const [only, ...others] = reasons.map(describeTimes);
  terminal.line(
    only !== undefined && others.length === 0
      ? `${outcome}: ${only}`
      : [outcome, ...reasons.map(describeTimes)].join("\n  "),
  );
}
