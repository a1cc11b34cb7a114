import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { startProgram } from "../cluster/start-program.ts";

export interface Emulator {
  readonly origin: string;
  close(): Promise<void>;
}

const program = new URL("serve.py", import.meta.url).pathname;

/**
 * MiniStack on loopback. All that it keeps is in one folder that goes with it; of this process's
 * environment it gets the PATH alone.
 */
export async function startEmulator(python: string): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-emulator-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = startProgram(python, {
    options: [program],
    folder,
    environment: environmentOf({ folder, port }),
  });
  const close = async (): Promise<void> => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await child.until(async () => (await fetch(new URL("/_ministack/ready", origin))).ok);
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, close };
}

/** What functions find in their environment comes from here too. */
function environmentOf({
  folder,
  port,
}: {
  readonly folder: string;
  readonly port: number;
}): Readonly<Record<string, string>> {
  return {
    // The functions run under the Node of these tests.
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    HOME: folder,
    TMPDIR: folder,
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: "local",
    // Seconds before a failed asynchronous invocation is tried again: one and two minutes in Lambda.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: "0.1",
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    PERSIST_STATE: "0",
    AWS_EC2_METADATA_DISABLED: "true",
    // Where there is a Docker it would tidy it up.
    DOCKER_HOST: `unix://${join(folder, "no-docker.sock")}`,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
