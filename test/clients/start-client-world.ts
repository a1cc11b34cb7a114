import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { startWorld, type StoryWorld, type WorldOptions } from "../story/start-world.ts";

export interface ClientWorld extends StoryWorld {
  /** Host and port, as clients name a registry. */
  readonly host: string;
  /** Of this test alone; also the clients' home. */
  readonly folder: string;
  /** Runs a program that is logged in; gives what it prints. Rejects, with `stderr`, when it fails. */
  readonly run: (program: string, ...args: readonly string[]) => Promise<string>;
}

/** A local cloud, and programs beside it that know nothing but its address and its password. */
export async function startClientWorld(options?: WorldOptions): Promise<ClientWorld> {
  const world = await startWorld(options);
  const folder = await mkdtemp(join(tmpdir(), "promoter-clients-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const host = new URL(world.cloud.origin).host;
  await logIn(world, { host, folder });
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: join(folder, "config.json"),
    ...awsEnvironment(world),
  };
  return {
    ...world,
    host,
    folder,
    run: async (program, ...args) => {
      const { stdout } = await promisify(execFile)(program, args, {
        cwd: folder,
        env,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      });
      // What a push set off comes to rest before the test looks.
      await world.cloud.settle();
      return stdout;
    },
  };
}

/** The file that `docker login` writes, which all of them read. */
async function logIn(
  { cloud: { registryCredentials } }: StoryWorld,
  { host, folder }: { readonly host: string; readonly folder: string },
): Promise<void> {
  const auth = Buffer.from(`${registryCredentials.user}:${registryCredentials.password}`).toString(
    "base64",
  );
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
}

function awsEnvironment({ cloud }: StoryWorld): Readonly<Record<string, string>> {
  return {
    ...cloud.environment,
    AWS_ACCESS_KEY_ID: "LOCALPERSON",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_PAGER: "",
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
  };
}
