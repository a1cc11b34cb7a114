import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const stateSchema = z.object({
  origin: z.string(), pid: z.number(), account: z.string(), region: z.string(), stateMachineArn: z.string(), stage: z.string(),
  /** Its real parts, for people. */
  real: z.array(z.string()).readonly(),
});

/** Where a running local cloud can be found. */
export type LocalState = z.infer<typeof stateSchema>;

const folder = ".promoter";
const file = "cloud.json";

export async function writeLocalState(root: string, state: LocalState): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, file), `${JSON.stringify(state, undefined, 2)}\n`);
}

/** undefined: none is running. A file that a killed process left behind does not count. */
export async function readLocalState(root: string): Promise<LocalState | undefined> {
  const text = await readFile(join(root, folder, file), "utf8").catch(() => undefined);
  const read = text === undefined ? undefined : stateSchema.safeParse(JSON.parse(text));
  return read?.success && isRunning(read.data.pid) ? read.data : undefined;
}

export async function removeLocalState(root: string): Promise<void> {
  await rm(join(root, folder, file), { force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
