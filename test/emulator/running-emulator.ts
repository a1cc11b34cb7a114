import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startEmulator } from "./start-emulator.ts";

const installer = new URL("../../.ci/install-emulator", import.meta.url).pathname;
const maxInstallationTime = 5 * 60_000;

/**
 * Starts the emulator for the whole run and leaves its address to the tests. Where it cannot be
 * installed, that is said and they are skipped.
 */
export default async function runningEmulator(): Promise<(() => Promise<void>) | undefined> {
  const python = await installed();
  if (python === undefined) return undefined;
  const emulator = await startEmulator(python);
  process.env["PROMOTER_TEST_EMULATOR"] = emulator.origin;
  return () => emulator.close();
}

async function installed(): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(installer, {
      timeout: maxInstallationTime,
    });
    process.stderr.write(stderr);
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    process.stderr.write(
      `${said}SKIPPED: no emulator could be installed here; nothing was compared with one\n`,
    );
    return undefined;
  }
}
