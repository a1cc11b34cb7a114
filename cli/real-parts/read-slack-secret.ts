import { readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import * as z from "zod";
import type { Finding } from "../../src/config/fault.ts";
import { isRecord } from "../../src/domain/json.ts";
import { parseJson } from "../../src/domain/parse-json.ts";

export interface SecretPlace {
  readonly root: string;
  /** File, or undefined for the environment. */
  readonly secret: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface SlackSecret {
  readonly botToken: string;
  readonly signingSecret: string;
}

export type SecretResult =
  | { readonly kind: "ok"; readonly secret: SlackSecret }
  | { readonly kind: "faulty"; readonly findings: readonly Finding[] };

/**
 * Bot token and signing secret, from a file or the environment. No message ever quotes what is
 * there.
 */
export async function readSlackSecret(place: SecretPlace): Promise<SecretResult> {
  return place.secret === undefined
    ? parseSecret(
        ["slack"],
        {
          botToken: place.env["SLACK_BOT_TOKEN"],
          signingSecret: place.env["SLACK_SIGNING_SECRET"],
        },
        variables,
      )
    : readSecretFile(place.secret, place.root);
}

const variables = {
  botToken: "SLACK_BOT_TOKEN in the environment",
  signingSecret: "SLACK_SIGNING_SECRET in the environment",
};
const path = ["slack", "secret"];

async function readSecretFile(secret: string, root: string): Promise<SecretResult> {
  const named = resolve(root, secret.replace(/^~(?=\/|$)/, homedir()));
  const file = await realpath(named).catch(() => undefined);
  if (file === undefined) {
    return faulty({
      path,
      message: `${secret} does not exist`,
      remedy: "create it, or omit secret and set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET",
    });
  }
  if (isInside(await realpath(root), file)) {
    return faulty({
      path,
      message: `${secret} is in the project, where it may be committed`,
      remedy: "move it elsewhere, such as to ~/.config/promoter/slack.json",
    });
  }
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    return faulty({
      path,
      message: `${secret} cannot be read`,
      remedy: "make it a file that you may read",
    });
  }
  return parseSecret(path, parseJson(text), {
    botToken: `botToken in ${secret}`,
    signingSecret: `signingSecret in ${secret}`,
  });
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return !way.startsWith("..") && !isAbsolute(way);
}

const fields = {
  botToken: z
    .string()
    .trim()
    .regex(/^xoxb-\S+$/),
  signingSecret: z.string().trim().min(16),
};
const forms = {
  botToken: "the Bot User OAuth Token, xoxb-…, page OAuth & Permissions",
  signingSecret: "the Signing Secret, page Basic Information",
};

function parseSecret(
  at: readonly string[],
  value: unknown,
  names: Readonly<Record<keyof SlackSecret, string>>,
): SecretResult {
  const given = isRecord(value) ? value : {};
  const botToken = fields.botToken.safeParse(given["botToken"]);
  const signingSecret = fields.signingSecret.safeParse(given["signingSecret"]);
  if (botToken.success && signingSecret.success) {
    return { kind: "ok", secret: { botToken: botToken.data, signingSecret: signingSecret.data } };
  }
  const wrong = [
    ...(botToken.success ? [] : (["botToken"] as const)),
    ...(signingSecret.success ? [] : (["signingSecret"] as const)),
  ];
  return faulty(
    ...wrong.map((field) => ({
      path: at,
      message: `${names[field]} is missing or malformed`,
      remedy: `put ${forms[field]} of your app there`,
    })),
  );
}

function faulty(...findings: readonly Finding[]): SecretResult {
  return { kind: "faulty", findings };
}
