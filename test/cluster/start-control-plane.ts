import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Programs } from "./find-programs.ts";
import { startProgram, type Program } from "./start-program.ts";

export interface ControlPlane {
  /** Path of a kubeconfig with the contexts below. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

interface Place {
  readonly folder: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
  readonly etcd: readonly [client: number, peer: number];
  readonly api: number;
}

/**
 * Contexts of the kubeconfig: of the administrator, of somebody who may do nothing, and of members
 * of the groups that the functions belong to. `<visitor>-unknown` has a token that nobody has.
 */
export const context = "control-plane";
export const visitor = "visitor";
export const members = ["promoter:writers", "promoter:readers"] as const;

/**
 * etcd, an API server and, where it is there, the controllers, on loopback; all they keep is in one
 * folder that goes with them.
 */
export async function startControlPlane(programs: Programs): Promise<ControlPlane> {
  const place = await preparePlace();
  const started: Program[] = [];
  const start = (path: string, options: readonly string[]): Program => {
    const program = startProgram(path, { options, folder: place.folder });
    started.unshift(program);
    return program;
  };
  const close = async (): Promise<void> => {
    for (const program of started) await program.stop();
    await rm(place.folder, { recursive: true, force: true });
  };
  try {
    start(programs.etcd, etcdOptions(place));
    await start(programs.apiServer, apiServerOptions(place)).until(() => isReady(place));
    await writeFile(place.kubeconfig, kubeconfigOf(place));
    if (programs.controllers !== undefined) start(programs.controllers, controllerOptions(place));
  } catch (error) {
    await close();
    throw error;
  }
  return { kubeconfig: place.kubeconfig, close };
}

async function preparePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-control-plane-"));
  const tokens: Place["tokens"] = {
    [context]: randomUUID(),
    [visitor]: randomUUID(),
    [`${visitor}-unknown`]: randomUUID(),
    ...Object.fromEntries(members.map((group) => [group, randomUUID()])),
  };
  const [client, peer, api] = await freePorts();
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  await writeFile(join(folder, "service-accounts.pem"), privateKey, { mode: 0o600 });
  const users = [
    `${tokens[context]},administrator,1,"system:masters"`,
    `${tokens[visitor]},visitor,2`,
    ...members.map((group, index) => `${tokens[group]},member-of-${group},${index + 3},"${group}"`),
  ];
  // name, uid and groups behind a token: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
  await writeFile(join(folder, "tokens.csv"), users.map((user) => `${user}\n`).join(""), {
    mode: 0o600,
  });
  return { folder, tokens, kubeconfig: join(folder, "kubeconfig"), etcd: [client, peer], api };
}

/** Taken and let go: the programs do not tell which port they got. */
async function freePorts(): Promise<readonly [number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const;
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
  const [client, peer, api] = servers;
  const ports = [portOf(client), portOf(peer), portOf(api)] as const;
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const portOf = (server: ReturnType<typeof createServer>): number =>
  (server.address() as AddressInfo).port;

function etcdOptions({ folder, etcd: [client, peer] }: Place): readonly string[] {
  const [clients, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
  ];
}

/**
 * Without service accounts' admission: it refuses every pod until a controller has made the account
 * of its namespace.
 */
function apiServerOptions({ folder, etcd: [client], api }: Place): readonly string[] {
  const key = join(folder, "service-accounts.pem");
  return [
    `--etcd-servers=http://127.0.0.1:${client}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${api}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--disable-admission-plugins=ServiceAccount",
    "--service-account-issuer=https://127.0.0.1",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
  ];
}

function controllerOptions({ folder, kubeconfig }: Place): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--cert-dir=${folder}`,
    "--secure-port=0",
    "--leader-elect=false",
    "--controllers=deployment-controller,replicaset-controller,namespace-controller,garbage-collector-controller",
  ];
}

/** The server's certificate is its own authority, made when it starts. */
function kubeconfigOf({ folder, tokens, api }: Place): string {
  const cluster = {
    server: `https://127.0.0.1:${api}`,
    "certificate-authority": join(folder, "apiserver.crt"),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: "real", cluster }],
    users: Object.entries(tokens).map(([name, token]) => ({ name, user: { token } })),
    contexts: Object.keys(tokens).map((name) => ({
      name,
      context: { cluster: "real", user: name },
    })),
  });
}

function isReady({ api, tokens }: Place): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const options = {
    host: "127.0.0.1",
    port: api,
    path: "/readyz",
    headers: { authorization: `Bearer ${tokens[context]}` },
    rejectUnauthorized: false,
  };
  const asking = request(options, (answer) => {
    answer.resume();
    resolve(answer.statusCode === 200);
  });
  asking.once("error", reject);
  asking.end();
  return promise;
}
