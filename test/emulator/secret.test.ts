import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { virtualClock } from "@promoter/local-cloud/clock";
import { describe, expect, it, onTestFinished } from "vitest";
import { secretReader } from "../../src/adapters/secrets-manager/secret.ts";
import { clientSettings, lacksEmulator } from "./emulator.ts";

const minute = 60_000;

function startClient(): SecretsManagerClient {
  const client = new SecretsManagerClient(clientSettings());
  onTestFinished(() => client.destroy());
  return client;
}

async function storedSecret(value?: object) {
  const client = startClient();
  const clock = virtualClock();
  const secretId = `promoter/${randomUUID()}/slack`;
  const { ARN: arn = "" } = await client.send(
    new CreateSecretCommand({
      Name: secretId,
      ...(value && { SecretString: JSON.stringify(value) }),
    }),
  );
  return { client, clock, secretId, arn, read: secretReader({ client, secretId, clock }) };
}

describe.skipIf(lacksEmulator)("a secret in an emulator's Secrets Manager", () => {
  it("gives its fields, by name and by ARN", async () => {
    const { read, client, clock, arn } = await storedSecret({
      botToken: "xoxb-1",
      signingSecret: "8f74",
    });
    expect(await read("botToken")).toBe("xoxb-1");
    expect(await secretReader({ client, secretId: arn, clock })("signingSecret")).toBe("8f74");
  });

  it("is read again after five minutes", async () => {
    const { read, client, clock, secretId } = await storedSecret({ botToken: "xoxb-1" });
    await read("botToken");
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        SecretString: JSON.stringify({ botToken: "xoxb-2" }),
      }),
    );
    expect(await read("botToken")).toBe("xoxb-1");
    clock.advanceTo(clock.now() + 5 * minute);
    expect(await read("botToken")).toBe("xoxb-2");
  });

  it("that does not exist is refused, with what to do", async () => {
    const read = secretReader({
      client: startClient(),
      secretId: "promoter/missing/slack",
      clock: virtualClock(),
    });
    await expect(read("botToken")).rejects.toMatchObject({
      name: "MessengerRefused",
      details: { exception: "ResourceNotFoundException" },
      message: expect.stringContaining("store its value") as unknown,
    });
  });

  // AWS has no value to give then ("can't find the specified secret value for staging label: AWSCURRENT"), the emulator gives an empty one.
  it("without a value, as the stack creates it, is refused", async () => {
    const { read } = await storedSecret();
    await expect(read("botToken")).rejects.toMatchObject({
      name: "MessengerRefused",
      message: expect.stringContaining("store") as unknown,
    });
  });

  it("that is being deleted is refused, with what to do", async () => {
    const { read, client, secretId } = await storedSecret({ botToken: "xoxb-1" });
    await client.send(new DeleteSecretCommand({ SecretId: secretId, RecoveryWindowInDays: 7 }));
    await expect(read("botToken")).rejects.toMatchObject({
      name: "MessengerRefused",
      message: expect.stringContaining("restore it") as unknown,
    });
  });
});
