import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../src/domain/parse-json.ts";

const stateSchema = z.object({
  origin: z.string(),
  pid: z.number(),
  account: z.string(),
  region: z.string(),
  stateMachineArn: z.string(),
  stage: z.string(),
  /** Its real parts, for people. */
  real: z.array(z.string()).readonly(),
});

/** Where a running local cloud can be found. */
export type LocalState = z.infer<typeof stateSchema>;

const folder = ".promoter";
const file = "cloud.json";

/** Written to a temporary file and renamed, so that no reader sees half of it. */
export async function writeLocalState(root: string, state: LocalState): Promise<void> {
  const path = join(root, folder, file);
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${path}.${process.pid}`, path);
}

/**
 * undefined: none is running. A file that a killed process left behind does not count, nor one that
 * something else wrote.
 */
export async function readLocalState(root: string): Promise<LocalState | undefined> {
  const text = await readFile(join(root, folder, file), "utf8").catch(() => "");
  const read = stateSchema.safeParse(parseJson(text));
  return read.success && (await isRunning(read.data)) ? read.data : undefined;
}

export async function removeLocalState(root: string): Promise<void> {
  await rm(join(root, folder, file), { force: true });
}

const patience = 2_000;

/**
 * Process ids are used again, and so are ports: only the cloud itself can say that it is this
 * process.
 */
async function isRunning({ origin, pid }: LocalState): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/_local/process`, {
      signal: AbortSignal.timeout(patience),
    });
    return identity.parse(await response.json()).pid === pid;
  } catch {
    return false;
  }
}

const identity = z.object({ pid: z.number() });
