import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretReader, type SecretReader } from "../adapters/secrets-manager/secret.ts";
import { slackMessenger } from "../adapters/slack/messenger.ts";
import type { Messenger } from "../ports/messenger.ts";
import { awsClient, required } from "./aws-client.ts";
import { fetchInTime } from "./invocation.ts";
import { once } from "./once.ts";
import { patienceOf } from "./patience.ts";
import type { World } from "./world.ts";

/** Fields of the Slack secret: `botToken`, `signingSecret`. */
export const slackSecretOf = (world: World): SecretReader =>
  once(world, "slack-secret", () =>
    secretReader({
      client: awsClient(
        world,
        { service: "SECRETS_MANAGER" },
        (settings) => new SecretsManagerClient(settings),
      ),
      secretId: required(world.env, "PROMOTER_SLACK_SECRET"),
      clock: world.clock,
    }),
  );

export const messengerOf = (world: World): Messenger => {
  const { PROMOTER_SLACK_API: baseUrl, PROMOTER_SLACK_HOOKS: hooksUrl } = world.env;
  return slackMessenger({
    token: (refused) => slackSecretOf(world)("botToken", refused),
    fetch: fetchInTime(world),
    patience: patienceOf(world),
    ...(baseUrl ? { baseUrl } : {}),
    ...(hooksUrl ? { hooksUrl } : {}),
  });
};
