import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../clock.ts";
import { createEks } from "../../eks/eks.ts";
import { startGateway } from "../../gateway.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open() {
  let address = "not known yet";
  const endpoint = () => address;
  const eks = createEks(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock: virtualClock(),
      origin: () => "",
      emit: () => undefined,
      track: (work) => work,
    },
    {
      clusters: ["staging", "production", "testing"].map((name) => ({
        name,
        endpoint,
        certificateAuthority: "UEVN",
      })),
    },
  );
  const gateway = await startGateway({ services: () => [eks] });
  const client = new EKSClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  closing.push(async () => {
    client.destroy();
    await gateway.close();
  });
  const listenAt = (url: string) => {
    address = url;
  };
  return { eks, client, listenAt };
}

const request = (method: string, path: string) => ({
  method,
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
  caller: { accessKeyId: undefined, role: undefined, functionName: undefined },
});

describe("EKS", () => {
  it("describes a cluster, with the endpoint as it is by then", async () => {
    const { client, listenAt } = await open();
    listenAt("https://127.0.0.1:6443");
    const { cluster } = await client.send(new DescribeClusterCommand({ name: "production" }));
    expect(cluster).toMatchObject({
      name: "production",
      arn: "arn:aws:eks:eu-west-1:111122223333:cluster/production",
      status: "ACTIVE",
      endpoint: "https://127.0.0.1:6443",
      certificateAuthority: { data: "UEVN" },
      createdAt: new Date("2026-01-05T09:00:00Z"),
      version: expect.stringMatching(/^1\.\d+$/),
    });
  });

  // Captured by github.com/getmoto/moto, tests/test_eks ("Obtained through cURL responses from the actual APIs").
  it("refuses a cluster that does not exist", async () => {
    const { client } = await open();
    await expect(client.send(new DescribeClusterCommand({ name: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      clusterName: "none",
      message: "No cluster found for name: none.",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([
    [
      "GET",
      "/clusters/production",
      {
        action: "eks:DescribeCluster",
        resources: ["arn:aws:eks:eu-west-1:111122223333:cluster/production"],
        access: "read",
      },
    ],
    ["GET", "/clusters", undefined],
    ["DELETE", "/clusters/production", undefined],
    ["GET", "/clusters/production/node-groups", undefined],
  ])("is seen by IAM: %s %s", async (method, path, expected) => {
    const { eks } = await open();
    expect(eks.operation(request(method, path))).toEqual(expected);
  });

  it.each([
    ["GET", "/clusters"],
    ["DELETE", "/clusters/production"],
  ])("refuses by name what it does not support: %s %s", async (method, path) => {
    const { eks } = await open();
    const message = `the local cloud does not support ${method} ${path} of EKS: nothing that the promoter ships uses it`;
    expect(await eks.handle(request(method, path))).toMatchObject({
      status: 404,
      headers: { "x-amzn-errortype": "UnknownOperationException" },
      body: JSON.stringify({ message }),
    });
  });
});
