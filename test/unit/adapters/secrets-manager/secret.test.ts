import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { virtualClock } from "@promoter/local-cloud/clock";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { createSecretsManager } from "@promoter/local-cloud/internal/secrets-manager/secrets-manager.ts";
import { afterEach, describe, expect, it } from "vitest";
import { secretReader } from "../../../../src/adapters/secrets-manager/secret.ts";
import {
  clientOptions,
  exception,
  inTurn,
  json,
  scriptedService,
} from "../ecr/scripted-service.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const minute = 60_000;
const stored = { signingSecret: "8f74", botToken: "xoxb-1", number: 7, empty: "" };

async function localSecret(value = JSON.stringify(stored)) {
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
        {
          name: "slack",
          arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf",
          value,
        },
      ],
    },
  );
  let calls = 0;
  const gateway = await startGateway({
    services: () => [service],
    intercept: (_call, next) => {
      calls += 1;
      return next();
    },
  });
  const client = new SecretsManagerClient({ ...clientOptions, endpoint: gateway.origin });
  closing.push(() => gateway.close());
  return {
    clock,
    client,
    calls: () => calls,
    read: secretReader({ client, secretId: "slack", clock, maxAge: 5 * minute }),
  };
}

const rotate = (client: SecretsManagerClient) =>
  client.send(
    new PutSecretValueCommand({
      SecretId: "slack",
      SecretString: JSON.stringify({ botToken: "xoxb-2" }),
    }),
  );

describe("a secret", () => {
  it("gives its fields with one call in five minutes", async () => {
    const { read, calls, clock } = await localSecret();
    expect(await Promise.all([read("signingSecret"), read("botToken")])).toEqual([
      "8f74",
      "xoxb-1",
    ]);
    clock.advanceTo(clock.now() + 5 * minute - 1);
    await read("botToken");
    expect(calls()).toBe(1);
  });

  it("is read again after five minutes, so that a rotated token is taken up", async () => {
    const { read, clock, client } = await localSecret();
    await read("botToken");
    await rotate(client);
    clock.advanceTo(clock.now() + 5 * minute);
    expect(await read("botToken")).toBe("xoxb-2");
  });

  describe("that was refused by whom it was shown to", () => {
    it("is read again at once, by one call however many ask, and the new one is kept", async () => {
      const { read, client, calls } = await localSecret();
      await read("botToken");
      await rotate(client);
      const before = calls();
      expect(await Promise.all([read("botToken", "xoxb-1"), read("botToken", "xoxb-1")])).toEqual([
        "xoxb-2",
        "xoxb-2",
      ]);
      expect(await read("botToken", "xoxb-1")).toBe("xoxb-2");
      expect(await read("botToken")).toBe("xoxb-2");
      expect(calls() - before).toBe(1);
    });

    it("stays in use when it cannot be read again", async () => {
      const server = await scriptedService(
        inTurn(
          json({ SecretString: '{"signingSecret":"8f74"}' }),
          exception("AccessDeniedException"),
        ),
      );
      closing.push(() => server.close());
      const read = secretReader({
        client: new SecretsManagerClient({ ...clientOptions, endpoint: server.origin }),
        secretId: "slack",
        clock: virtualClock(),
      });
      await read("signingSecret");
      await expect(read("signingSecret", "8f74")).rejects.toMatchObject({
        name: "MessengerRefused",
      });
      expect(await read("signingSecret")).toBe("8f74");
    });
  });

  it.each(["missing", "number", "empty", "constructor"])(
    "is refused when its field is no text: %s",
    async (field) => {
      const { read } = await localSecret();
      await expect(read(field)).rejects.toMatchObject({
        name: "MessengerRefused",
        message: expect.stringContaining(`"${field}"`),
      });
    },
  );

  it("that is not JSON is refused without quoting it", async () => {
    const { read } = await localSecret("xoxb-bare");
    const error: unknown = await read("botToken").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "MessengerRefused" });
    expect(String(error) + JSON.stringify(error) + String((error as Error).cause)).not.toContain(
      "bare",
    );
  });

  it("is asked for again after a failure", async () => {
    const server = await scriptedService(
      inTurn(
        exception("InternalServiceError", "because", 500),
        json({ SecretString: '{"botToken":"xoxb-1"}' }),
      ),
    );
    closing.push(() => server.close());
    const client = new SecretsManagerClient({ ...clientOptions, endpoint: server.origin });
    const read = secretReader({ client, secretId: "slack", clock: virtualClock() });
    await expect(read("botToken")).rejects.toMatchObject({ name: "MessengerUnavailable" });
    expect(await read("botToken")).toBe("xoxb-1");
  });

  // Secrets Manager API reference, GetSecretValue: errors.
  it.each([
    ["ResourceNotFoundException", "create the secret"],
    ["DecryptionFailure", "kms:Decrypt"],
    ["AccessDeniedException", "secretsmanager:GetSecretValue"],
  ])("says after %s what to do", async (name, remedy) => {
    const server = await scriptedService(() => exception(name));
    closing.push(() => server.close());
    const client = new SecretsManagerClient({ ...clientOptions, endpoint: server.origin });
    const reading = secretReader({ client, secretId: "slack", clock: virtualClock() })("botToken");
    await expect(reading).rejects.toMatchObject({
      name: "MessengerRefused",
      message: expect.stringContaining(remedy),
    });
  });
});
