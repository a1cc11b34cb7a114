import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { slackSignature } from "@promoter/local-cloud/internal/slack/sign-request.ts";
import type { StoryWorld } from "./start-world.ts";

export interface PostedClick {
  readonly promotion: string;
  readonly hash: string;
  readonly user: string;
  readonly choice?: "approve" | "reject";
  /** Milliseconds by which the timestamp differs from now. */
  readonly off?: number;
  /** Instead of the workspace's. */
  readonly signingSecret?: string;
  /** Makes the form that is sent of the form that was signed. */
  readonly tamper?: (body: string) => string;
}

/** Posts the form of a click to the function URL, past the page and its buttons; the HTTP status. */
export async function postClick(world: StoryWorld, click: PostedClick): Promise<number> {
  const { promotion, hash, user, choice = "approve", off = 0, tamper = (body) => body } = click;
  const { approval } = await world.show(promotion);
  const { channel, id: ts } = approval?.message ?? {};
  const payload = {
    type: "block_actions",
    container: { type: "message", channel_id: channel, message_ts: ts },
    user: { id: user },
    api_app_id: "A0PROMOTER",
    team: { id: "T0LOCAL" },
    actions: [{ action_id: `promoter_${choice}`, value: JSON.stringify({ promotion, hash }) }],
  };
  const body = String(new URLSearchParams({ payload: JSON.stringify(payload) }));
  const timestamp = String(Math.floor((world.clock.now() + off) / 1000));
  const signature = slackSignature(
    click.signingSecret ?? (await signingSecretOf(world)),
    timestamp,
    body,
  );
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signature,
  };
  const { status } = await fetch(`${world.cloud.origin}/_functions/promoter-dev-on-slack-action/`, {
    method: "POST",
    headers,
    body: tamper(body),
  });
  await world.cloud.settle();
  return status;
}

/** As somebody does who has regenerated it in Slack. */
export async function changeSigningSecret(world: StoryWorld, signingSecret: string): Promise<void> {
  const { client, SecretId } = secretOf(world);
  await client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString: JSON.stringify({ ...(await readSecret(world)), signingSecret }),
    }),
  );
}

async function signingSecretOf(world: StoryWorld): Promise<string> {
  return (await readSecret(world)).signingSecret;
}

async function readSecret(world: StoryWorld): Promise<{ readonly signingSecret: string }> {
  const { client, SecretId } = secretOf(world);
  const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId }));
  const secret: unknown = JSON.parse(SecretString);
  return secret as { readonly signingSecret: string };
}

function secretOf({ cloud }: StoryWorld): {
  readonly client: SecretsManagerClient;
  readonly SecretId: string;
} {
  const client = new SecretsManagerClient({
    region: "eu-west-1",
    endpoint: cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  return { client, SecretId: cloud.stack.secrets[0]?.name ?? "" };
}
