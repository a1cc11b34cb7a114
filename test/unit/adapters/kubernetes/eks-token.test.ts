import { describe, expect, it } from "vitest";
import { eksToken, type TokenRequest } from "../../../../src/adapters/kubernetes/eks-token.ts";

// What a cluster accepts: kubernetes-sigs/aws-iam-authenticator, pkg/token/token.go (parameter whitelist, host, maximum length).

const now = Date.parse("2026-01-05T09:00:00Z");
const request: TokenRequest = {
  cluster: "orderbook-prod",
  region: "eu-west-1",
  clock: { now: () => now },
  credentials: {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "secret",
    sessionToken: "a/session+token=",
  },
};
const urlOf = (token: string): URL =>
  new URL(Buffer.from(token.slice("k8s-aws-v1.".length), "base64url").toString());

describe("a token for EKS", () => {
  it("has the prefix and is base64 for URLs without padding", async () => {
    expect(await eksToken(request)).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  });

  it("is a presigned GetCallerIdentity with the parameters of the signature and no other", async () => {
    const { protocol, pathname, searchParams } = urlOf(await eksToken(request));
    expect([protocol, pathname]).toEqual(["https:", "/"]);
    expect([...searchParams.keys()].toSorted()).toEqual([
      "Action",
      "Version",
      "X-Amz-Algorithm",
      "X-Amz-Credential",
      "X-Amz-Date",
      "X-Amz-Expires",
      "X-Amz-Security-Token",
      "X-Amz-Signature",
      "X-Amz-SignedHeaders",
    ]);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Date": "20260105T090000Z",
      "X-Amz-Expires": "60",
      "X-Amz-Credential": "AKIDEXAMPLE/20260105/eu-west-1/sts/aws4_request",
      "X-Amz-Security-Token": "a/session+token=",
    });
  });

  it("binds the cluster: its name is a signed header", async () => {
    expect(urlOf(await eksToken(request)).searchParams.get("X-Amz-SignedHeaders")).toBe(
      "host;x-k8s-aws-id",
    );
    const signature = async (cluster: string) =>
      urlOf(await eksToken({ ...request, cluster })).searchParams.get("X-Amz-Signature");
    expect(await signature("orderbook-prod")).not.toBe(await signature("orderbook-dev"));
  });

  it.each([
    ["eu-west-1", "sts.eu-west-1.amazonaws.com"],
    ["us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"],
    ["cn-north-1", "sts.cn-north-1.amazonaws.com.cn"],
    ["eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"],
  ])("asks the STS of the Region %s", async (region, host) => {
    expect(urlOf(await eksToken({ ...request, region })).host).toBe(host);
  });

  it("stays below 4,096 bytes with a long session token", async () => {
    const credentials = { ...request.credentials, sessionToken: "x".repeat(1_100) };
    expect((await eksToken({ ...request, credentials })).length).toBeLessThan(4_096);
  });
});
