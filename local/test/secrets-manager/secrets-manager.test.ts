import {
  DeleteSecretCommand,
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

  it("has the value that was put last", async () => {
    const { clock, get, put } = await open();
    await put({ SecretString: "second" });
    clock.advanceTo(Date.parse("2026-01-06T00:00:00Z"));
    const { VersionId } = await put({ SecretString: "third" });
    expect(await get()).toMatchObject({
      SecretString: "third",
      VersionId,
      VersionStages: ["AWSCURRENT"],
      CreatedDate: new Date("2026-01-06T00:00:00Z"),
    });
  });

  it("takes the same request twice, and another value under its token not at all", async () => {
    const { put } = await open();
    const once = await put({ SecretString: "second", ClientRequestToken: tokenOf("a") });
    expect(await put({ SecretString: "second", ClientRequestToken: tokenOf("a") })).toMatchObject({
      VersionId: once.VersionId,
    });
    await expect(
      put({ SecretString: "other", ClientRequestToken: tokenOf("a") }),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
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
  ])("%s is refused", async (_, input, name, message) => {
    const { get } = await open();
    await expect(get(input)).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("takes no value of nothing", async () => {
    const { put } = await open();
    await expect(put({})).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it.each([
    ["VersionId", new GetSecretValueCommand({ SecretId: "slack", VersionId: tokenOf("z") })],
    ["VersionStage", new GetSecretValueCommand({ SecretId: "slack", VersionStage: "AWSPREVIOUS" })],
    [
      "SecretBinary",
      new PutSecretValueCommand({ SecretId: "slack", SecretBinary: Buffer.from("b") }),
    ],
    [
      "VersionStages",
      new PutSecretValueCommand({ SecretId: "slack", VersionStages: ["AWSPENDING"] }),
    ],
  ])("refuses by name what it does not support: %s", async (name, command) => {
    const { client } = await open();
    await expect(client.send(command)).rejects.toThrow(
      `the local cloud does not support ${name}: nothing that the promoter ships uses it`,
    );
  });

  it.each([
    new DescribeSecretCommand({ SecretId: "slack" }),
    new DeleteSecretCommand({ SecretId: "slack" }),
  ])("refuses by name what it does not support: $constructor.name", async (command) => {
    const { client } = await open();
    const action = command.constructor.name.replace("Command", "");
    await expect(client.send(command)).rejects.toThrow(
      `the local cloud does not support secretsmanager:${action}: nothing that the promoter ships uses it`,
    );
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
