import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../clock.ts";
import { startGateway } from "../../gateway.ts";
import { createSecretsManager } from "../../secrets-manager/secrets-manager.ts";

const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf";
const secretBare = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:empty-AbCdEf";
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open() {
  const clock = virtualClock();
  const service = createSecretsManager(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => "",
      emit: () => undefined,
      track: (work) => work,
    },
    {
      secrets: [
        { name: "slack", arn, value: "first" },
        { name: "empty", arn: secretBare },
      ],
    },
  );
  const gateway = await startGateway({ services: () => [service] });
  const client = new SecretsManagerClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  closing.push(async () => {
    client.destroy();
    await gateway.close();
  });
  const get = (input: Partial<GetSecretValueCommand["input"]> = {}) =>
    client.send(new GetSecretValueCommand({ SecretId: "slack", ...input }));
  const put = (input: Partial<PutSecretValueCommand["input"]>) =>
    client.send(new PutSecretValueCommand({ SecretId: "slack", ...input }));
  return { service, clock, client, get, put };
}

const tokenOf = (letter: string) => letter.repeat(32);

// Behaviour: Secrets Manager API reference, GetSecretValue and PutSecretValue.
describe("a secret", () => {
  it.each(["slack", arn, arn.slice(0, -7)])("is read as %s", async (SecretId) => {
    const { get } = await open();
    expect(await get({ SecretId })).toMatchObject({
      ARN: arn,
      Name: "slack",
      SecretString: "first",
      VersionStages: ["AWSCURRENT"],
      CreatedDate: new Date("2026-01-05T09:00:00Z"),
    });
  });

  it("keeps the value before the current one", async () => {
    const { get, put } = await open();
    await put({ SecretString: "second" });
    await put({ SecretString: "third" });
    expect(await get()).toMatchObject({ SecretString: "third", VersionStages: ["AWSCURRENT"] });
    expect(await get({ VersionStage: "AWSPREVIOUS" })).toMatchObject({
      SecretString: "second",
      VersionStages: ["AWSPREVIOUS"],
    });
  });

  it("takes a value under another label without touching the current one", async () => {
    const { get, put } = await open();
    const { VersionId } = await put({ SecretString: "next", VersionStages: ["AWSPENDING"] });
    expect(await get()).toMatchObject({ SecretString: "first" });
    expect(await get({ VersionStage: "AWSPENDING", VersionId })).toMatchObject({
      SecretString: "next",
      VersionId,
    });
  });

  it("holds bytes", async () => {
    const { get, put } = await open();
    await put({ SecretBinary: Buffer.from([0, 255, 1]) });
    const read = await get();
    expect([...(read.SecretBinary ?? [])]).toEqual([0, 255, 1]);
    expect(read.SecretString).toBeUndefined();
  });

  it("takes the same request twice, and another value under its token not at all", async () => {
    const { client, put } = await open();
    const once = await put({ SecretString: "second", ClientRequestToken: tokenOf("a") });
    expect(await put({ SecretString: "second", ClientRequestToken: tokenOf("a") })).toMatchObject({
      VersionId: once.VersionId,
    });
    await expect(
      put({ SecretString: "other", ClientRequestToken: tokenOf("a") }),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
    const { VersionIdsToStages } = await client.send(
      new DescribeSecretCommand({ SecretId: "slack" }),
    );
    expect(Object.values(VersionIdsToStages ?? {})).toEqual([["AWSPREVIOUS"], ["AWSCURRENT"]]);
  });

  it("is described without its value", async () => {
    const { clock, client, put } = await open();
    clock.advanceTo(Date.parse("2026-01-06T00:00:00Z"));
    await put({ SecretString: "second", ClientRequestToken: tokenOf("b") });
    const description = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(description).toMatchObject({
      ARN: arn,
      Name: "slack",
      LastChangedDate: new Date("2026-01-06T00:00:00Z"),
    });
    expect(description.VersionIdsToStages).toMatchObject({ [tokenOf("b")]: ["AWSCURRENT"] });
    expect(JSON.stringify(description)).not.toContain("second");
  });

  it.each([
    [
      "that does not exist",
      { SecretId: "none" },
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    ],
    [
      "that has no value",
      { SecretId: "empty" },
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    ],
    [
      "without such a label",
      { VersionStage: "AWSPREVIOUS" },
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    ],
    [
      "without such a version",
      { VersionId: tokenOf("z") },
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for VersionId: ${tokenOf("z")}`,
    ],
  ])("%s is refused", async (_, input, name, message) => {
    const { get } = await open();
    await expect(get(input)).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is refused when version and label do not agree", async () => {
    const { get, put } = await open();
    const { VersionId } = await put({ SecretString: "second" });
    await expect(get({ VersionId, VersionStage: "AWSPREVIOUS" })).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "You provided a VersionStage that is not associated to the provided VersionId.",
    });
  });

  it.each([
    ["neither text nor bytes", {}],
    ["both text and bytes", { SecretString: "a", SecretBinary: Buffer.from("b") }],
  ])("takes no value of %s", async (_, input) => {
    const { put } = await open();
    await expect(put(input)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it.each([
    ["slack", arn],
    [arn, arn],
    ["none", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:none"],
  ])("is what IAM sees for %s", async (SecretId, resource) => {
    const { service } = await open();
    const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
    const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
    const request = {
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers,
      body: Buffer.from(JSON.stringify({ SecretId })),
      caller,
    };
    expect(service.operation(request)).toEqual({
      action: "secretsmanager:GetSecretValue",
      resources: [resource],
      access: "read",
    });
  });
});
