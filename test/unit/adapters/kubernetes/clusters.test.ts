import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { EKSClient } from "@aws-sdk/client-eks";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { ServiceResponse } from "@promoter/local-cloud/internal/service.ts";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { kubernetesClusters } from "../../../../src/adapters/kubernetes/clusters.ts";
import { kubernetesRequests } from "../../../../src/adapters/kubernetes/kubernetes-request.ts";
import type { ClusterAddress } from "../../../../src/domain/configuration.ts";
import { PromoterError } from "../../../../src/domain/errors.ts";
import type { Clusters } from "../../../../src/ports/cluster.ts";
import { localCluster, type LocalCluster } from "../../../contract/cluster.fixtures.ts";
import { loopbackCertificate } from "./loopback-certificate.ts";

const absent = { apiVersion: "v1", kind: "ConfigMap", name: "nothing", namespace: "default" };
const minutes = 60_000;

const use = async (clusters: Clusters): Promise<void> =>
  void (await (await clusters.connect("prod")).read(absent));
const failing = (status: number, type: string): ServiceResponse => ({
  status,
  headers: { "x-amzn-errortype": type, "content-type": "application/json" },
  body: '{"message":"said EKS"}',
});
const never = (): never => {
  throw new Error("a context needs nothing of AWS");
};
const connect = async (path: string, context = "kind-orderbook") => {
  const address: ClusterAddress = { kind: "context", context };
  return kubernetesClusters({
    addresses: { one: address },
    eks: never,
    credentials: never,
    clock: Date,
    permit: () => undefined,
    kubeconfig: path,
  }).connect("one");
};

it("a cluster that promoter.yml does not name is reported as such, whatever it is called", async () => {
  const clusters = kubernetesClusters({
    addresses: {},
    eks: never,
    credentials: never,
    clock: Date,
    permit: () => undefined,
  });
  await expect(clusters.connect("constructor")).rejects.toMatchObject({
    name: "InvalidConfiguration",
    message: "cluster constructor is not in promoter.yml; it has none",
  });
});

it("a call is not sent when no more may be, and is aborted when its time is over", async () => {
  const requests: Socket[] = [];
  const server = createHttpServer(({ socket }) => void requests.push(socket)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      name: "local",
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      skipTLSVerify: true,
    },
    { name: "somebody" },
  );
  const time = new AbortController();
  const permit = (): AbortSignal => {
    if (time.signal.aborted) throw new PromoterError("TimeRanOut", "too late");
    return time.signal;
  };
  const send = kubernetesRequests({ cluster: "local", config, timeout: 10_000, permit });
  const call = send({ method: "PATCH", path: "/api/v1/namespaces/shop", apply: {} });
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  time.abort();
  await expect(call).rejects.toMatchObject({ name: "ClusterUnavailable" });
  await vi.waitFor(() => expect(requests[0]?.destroyed).toBe(true));
  await expect(send({ method: "GET", path: "/api" })).rejects.toMatchObject({ name: "TimeRanOut" });
  expect(requests).toHaveLength(1);
});

describe("connecting to a cluster of EKS", () => {
  let local: LocalCluster;
  let described: number;
  let tokens: string[];
  let answer: ServiceResponse | undefined;
  beforeEach(async () => {
    [described, tokens, answer] = [0, [], undefined];
    local = await localCluster({
      intercept: async ({ service }, next) => {
        if (service.name !== "eks") return next();
        described += 1;
        return answer ?? next();
      },
      authenticate(token) {
        tokens.push(token ?? "none");
        return { user: "promoter" };
      },
    });
  });
  afterEach(() => local.close());

  it("shows a token of the cluster's Region", async () => {
    await use(local.clusters);
    const [token = ""] = tokens;
    expect(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString()).toMatch(
      /^https:\/\/sts\.eu-west-1\.amazonaws\.com\/\?Action=GetCallerIdentity&/,
    );
  });

  it("keeps the connection for ten minutes, so that no token gets too old", async () => {
    await use(local.clusters);
    await local.advance(10 * minutes - 1);
    await use(local.clusters);
    expect([described, new Set(tokens).size]).toEqual([1, 1]);
    await local.advance(1);
    await use(local.clusters);
    expect([described, new Set(tokens).size]).toEqual([2, 2]);
  });

  it("keeps it no longer than the credentials live", async () => {
    const expiration = new Date(local.clock.now() + 3 * minutes);
    const clusters = local.connecting({
      credentials: async () => ({
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "secret",
        expiration,
      }),
    });
    await use(clusters);
    await local.advance(3 * minutes - 1);
    await use(clusters);
    expect(described).toBe(1);
    await local.advance(1);
    await use(clusters);
    expect(described).toBe(2);
  });

  it("names the clusters that promoter.yml has when it is asked for another", async () => {
    await expect(local.clusters.connect("production")).rejects.toMatchObject({
      name: "InvalidConfiguration",
      message: "cluster production is not in promoter.yml; it has prod",
    });
  });

  it("is refused when EKS has no cluster of that name", async () => {
    const clusters = local.connecting({
      addresses: { prod: { kind: "eks", name: "gone", region: "eu-west-1" } },
    });
    await expect(clusters.connect("prod")).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining("No cluster found for name: gone."),
    });
  });

  it.each<[string, ServiceResponse, string]>([
    [
      "refused",
      failing(403, "AccessDeniedException"),
      "the role of this function needs eks:DescribeCluster on it",
    ],
    ["refused", failing(403, "ExpiredTokenException"), "renew the AWS credentials"],
    ["unavailable", failing(429, "ThrottlingException"), "said EKS"],
    ["unavailable", failing(500, "ServerException"), "said EKS"],
    [
      "unavailable",
      { status: 200, body: '{"cluster":{"name":"orderbook-prod","status":"CREATING"}}' },
      "its status is CREATING",
    ],
  ])("is %s when EKS answers %j", async (kind, given, message) => {
    answer = given;
    const name = kind === "refused" ? "ClusterRefused" : "ClusterUnavailable";
    await expect(local.clusters.connect("prod")).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
    answer = undefined;
    await use(local.clusters);
  });

  it("is unavailable when EKS cannot be reached", async () => {
    const client = new EKSClient({
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
    await expect(local.connecting({ eks: () => client }).connect("prod")).rejects.toMatchObject({
      name: "ClusterUnavailable",
    });
    client.destroy();
  });
});

describe("connecting to a context of a kubeconfig", () => {
  let folder: string;
  let server: { readonly address: string; close(): void };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    server = await secureServer();
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const ca = Buffer.from(loopbackCertificate.certificate).toString("base64");
  const kubeconfig = async (
    cluster: object,
    user: object = { token: "secret-token" },
  ): Promise<string> => {
    const path = join(folder, "config");
    await writeFile(
      path,
      JSON.stringify({
        clusters: [{ name: "c", cluster }],
        users: [{ name: "u", user }],
        contexts: [{ name: "kind-orderbook", context: { cluster: "c", user: "u" } }],
      }),
    );
    return path;
  };

  it("trusts the authority that the kubeconfig names, and shows the user's token", async () => {
    const cluster = await connect(
      await kubeconfig({ server: server.address, "certificate-authority-data": ca }),
    );
    expect(await cluster.read(absent)).toMatchObject({
      data: { authorization: "Bearer secret-token" },
    });
  });

  it("finds the context in the second of several files", async () => {
    const second = await kubeconfig({ server: server.address, "certificate-authority-data": ca });
    const first = join(folder, "first");
    await writeFile(first, JSON.stringify({ clusters: [], users: [], contexts: [] }));
    expect(await (await connect([first, second].join(delimiter))).read(absent)).toMatchObject({
      kind: "ConfigMap",
    });
  });

  it("trusts no other server, and says so without the token", async () => {
    const reading = (await connect(await kubeconfig({ server: server.address }))).read(absent);
    await expect(reading).rejects.toMatchObject({
      name: "ClusterUnavailable",
      message: expect.stringContaining("self-signed certificate"),
    });
    await expect(reading).rejects.not.toThrow("secret-token");
  });

  it("is refused over plain HTTP beyond this machine, because the token would be readable", async () => {
    await expect(connect(await kubeconfig({ server: "http://203.0.113.7" }))).rejects.toMatchObject(
      { name: "ClusterRefused" },
    );
    await expect(
      connect(await kubeconfig({ server: "http://127.0.0.1.example.com" })),
    ).rejects.toMatchObject({ name: "ClusterRefused" });
  });

  it("is refused when the program that gives the token fails", async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: join(folder, "no-such-program"),
      interactiveMode: "Never",
    };
    const cluster = await connect(
      await kubeconfig({ server: server.address, "certificate-authority-data": ca }, { exec }),
    );
    await expect(cluster.read(absent)).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining("no credentials for cluster one"),
    });
  });

  it("names the contexts that there are when it is asked for another", async () => {
    const path = await kubeconfig({ server: server.address });
    await expect(connect(path, "kind-orderbok")).rejects.toMatchObject({
      name: "InvalidConfiguration",
      message: `context kind-orderbok is not in ${path}; it has kind-orderbook`,
    });
  });

  it("names the file when it cannot be read", async () => {
    const path = join(folder, "nothing");
    await expect(connect(path)).rejects.toMatchObject({
      name: "InvalidConfiguration",
      message: expect.stringContaining(path),
    });
  });
});

/** Knows ConfigMaps; each of them shows the authorization it was asked with. */
async function secureServer(): Promise<{ readonly address: string; close(): void }> {
  const kinds = { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] };
  const server = createServer(
    { key: loopbackCertificate.key, cert: loopbackCertificate.certificate },
    ({ url, headers: { authorization } }, response) => {
      const found = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "nothing" },
        data: { authorization },
      };
      response.end(JSON.stringify(url === "/api/v1" ? kinds : found));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
