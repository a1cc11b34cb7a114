import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startProcessSandbox, type ProcessOptions } from "../../lambda/process-sandbox.ts";
import type { Sandbox } from "../../lambda/sandbox.ts";

export const settings = {
  name: "verify-images",
  arn: "arn:aws:lambda:eu-west-1:111122223333:function:verify-images",
  roleArn: "role",
  timeout: 1,
  environment: {},
};

export function folderOf(bundle: "deeds" | "broken" | "slow"): string {
  return fileURLToPath(new URL(`../fixtures/bundles/${bundle}`, import.meta.url));
}

export function startBundle(options: Partial<ProcessOptions> = {}): Promise<Sandbox> {
  return startProcessSandbox({
    settings,
    folder: folderOf("deeds"),
    environment: {},
    log: () => undefined,
    ...options,
  });
}

/** A process that has ended but that nobody has waited for yet does not run. */
export async function runs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
}
