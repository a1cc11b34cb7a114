import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsCredentials } from "@promoter/local-cloud/real-parts";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadRealParts, type LoadedRealParts } from "../../../../cli/real-parts/load-real-parts.ts";
import { formatFaults } from "../../../../src/config/format-faults.ts";

const botToken = "xoxb-1234-abcdef";
const signingSecret = "0123456789abcdef0123456789abcdef";
const environment = { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret };

describe("the file of real parts", () => {
  it("needs no more than the names of the parts", async () => {
    const loaded = await load("slack: {}\necr: {}\n");
    expect(loaded).toMatchObject({
      kind: "ok",
      real: {
        slack: {
          api: "https://slack.com/api",
          hooks: "https://hooks.slack.com/",
          callbackPort: 4511,
          botToken,
          signingSecret,
        },
        ecr: { endpoint: "https://api.ecr.eu-west-1.amazonaws.com" },
      },
    });
  });

  it("leaves simulated what it does not name", async () => {
    expect(await load("ecr: { endpoint: http://127.0.0.1:4566 }\n", { env: {} })).toEqual({
      kind: "ok",
      real: { ecr: { endpoint: "http://127.0.0.1:4566", credentials: expect.any(Function) } },
    });
  });

  it("finds the registry in the partition of its Region", async () => {
    expect(await load("ecr: {}\n", { region: "cn-north-1" })).toMatchObject({
      real: { ecr: { endpoint: "https://api.ecr.cn-north-1.amazonaws.com.cn" } },
    });
  });

  it("has the secret of Slack in a file outside of the project", async () => {
    const folder = await aFolder();
    await writeFile(
      join(folder, "slack.json"),
      JSON.stringify({ botToken: ` ${botToken}\n`, signingSecret }),
    );
    expect(
      await load(`slack: { secret: ${join(folder, "slack.json")} }\n`, { env: {} }),
    ).toMatchObject({ kind: "ok", real: { slack: { botToken, signingSecret } } });
  });

  it("is valid as the example shows it", async () => {
    const example = await readFile(
      join(import.meta.dirname, "../../../../examples/real-parts/promoter.local.yml"),
      "utf8",
    );
    expect(await load(example.replace(/^ *secret:.*\n/m, ""))).toMatchObject({
      kind: "ok",
      real: { slack: {}, ecr: {} },
    });
    expect(example).toContain("secret: ~/.config/promoter/slack.json");
  });
});

describe("every fault is reported at once, at its place", () => {
  it.each([
    [
      "slack: {}",
      {},
      [
        "1:8 SLACK_BOT_TOKEN in the environment is missing",
        "1:8 SLACK_SIGNING_SECRET in the environment is missing",
      ],
    ],
    [
      "slack: { secret: nowhere.json, callbackPort: 70000 }",
      {},
      ["1:18 nowhere.json does not exist", "1:46 slack.callbackPort"],
    ],
    [
      "slack: { api: http://slack.example.com, hooks: ftp://hooks }",
      environment,
      [
        '1:15 "http://slack.example.com" is not a valid address',
        '1:48 "ftp://hooks" is not a valid address',
      ],
    ],
    ["slack:", environment, ["1:1 slack is empty"]],
    [
      "slakc: {}\necr: { endpoint: 127.0.0.1:4566 }",
      environment,
      ["1:1 unknown key slakc", '2:18 "127.0.0.1:4566" is not a valid address'],
    ],
    ["ecr: { endpoint: https://me:secret@ecr.example.com }", {}, ["1:18 "]],
    ["{}", {}, ["1:1 no part is real"]],
    ["", {}, ["1:1 the configuration is empty"]],
    ["slack: {}\nslack: {}", environment, ["2:1 the key slack is repeated"]],
    ["slack: [", environment, ["1:8 this is not valid YAML"]],
  ])("%j", async (yaml, env, expected) => {
    const loaded = await load(yaml, { env });
    const found =
      loaded.kind === "ok"
        ? []
        : loaded.faults.map(({ file, line, column, message }) => ({
            file,
            text: `${line}:${column} ${message}`,
          }));
    expect(found.map(({ text }, index) => text.slice(0, expected[index]?.length))).toEqual(
      expected,
    );
    expect(found.every(({ file }) => file === "promoter.local.yml")).toBe(true);
  });

  it.each([
    ["dynamodb", "executions, functions and their table belong together"],
    ["states", "belong together"],
    ["eventbridge", "cannot reach the functions"],
    ["secretsmanager", "slack.secret provides"],
    ["eks", "name a context"],
    ["kubernetes", "named in promoter.yml"],
  ])("%s cannot be real, with the reason", async (part, reason) => {
    expect(told(await load(`${part}: {}\necr: {}\n`))).toContain(reason);
  });

  it("a missing file is one of them", async () => {
    expect(told(await load(undefined))).toContain(
      "promoter.local.yml:1:1: this file cannot be read",
    );
  });
});

describe("secrets", () => {
  it.each([
    ["in the folder of the project", "slack.json"],
    ["below it", "secrets/slack.json"],
    ["under a name that leads back", "../project/slack.json"],
  ])("are refused %s, where they may be committed", async (_, secret) => {
    const root = join(await aFolder(), "project");
    await mkdir(join(root, "secrets"), { recursive: true });
    await writeFile(join(root, "slack.json"), JSON.stringify({ botToken, signingSecret }));
    await writeFile(join(root, "secrets/slack.json"), JSON.stringify({ botToken, signingSecret }));
    expect(told(await load(`slack: { secret: ${secret} }\n`, { root }))).toContain(
      "is in the project",
    );
  });

  it("are refused in the project under the name of a link outside of it", async () => {
    const root = await aFolder();
    await writeFile(join(root, "slack.json"), JSON.stringify({ botToken, signingSecret }));
    const link = join(await aFolder(), "link.json");
    await symlink(join(root, "slack.json"), link);
    expect(told(await load(`slack: { secret: ${link} }\n`, { root }))).toContain(
      "is in the project",
    );
  });

  it.each([
    `slack: { botToken: ${botToken}, signingSecret: ${signingSecret} }`,
    `slack: ${botToken}`,
    `slack: { secret: ${botToken} }`,
    `slack: { api: "${botToken}" }`,
    `token: ${botToken}`,
    `slack: { callbackPort: "${signingSecret}" }`,
  ])("that were written into the file are not shown once more: %j", async (yaml) => {
    const text = told(await load(`${yaml}\n`));
    expect(text).toContain("promoter.local.yml:1:");
    expect(text).not.toContain(botToken);
    expect(text).not.toContain(signingSecret);
  });

  it.each([
    "{",
    "[]",
    JSON.stringify({ botToken: "xoxp-of-a-user-and-long", signingSecret: "short-one" }),
  ])("that have another form are told by name, never by value: %j", async (content) => {
    const folder = await aFolder();
    await writeFile(join(folder, "slack.json"), content);
    const text = told(await load(`slack: { secret: ${join(folder, "slack.json")} }\n`));
    expect(text).toMatch(
      /botToken in \S+ is missing or malformed[^]*signingSecret in \S+ is missing or malformed/,
    );
    expect(text).not.toMatch(/xoxp-of|short-one/);
  });
});

interface Loading {
  readonly env?: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly root?: string;
}

async function load(
  yaml: string | undefined,
  { env = environment, region = "eu-west-1", root }: Loading = {},
): Promise<LoadedRealParts> {
  const folder = root ?? (await aFolder());
  if (yaml !== undefined) await writeFile(join(folder, "promoter.local.yml"), yaml);
  return loadRealParts({
    root: folder,
    file: "promoter.local.yml",
    env,
    registry: { account: "111122223333", region },
    credentials,
  });
}

function credentials(): () => Promise<AwsCredentials> {
  return () => Promise.resolve({ accessKeyId: "AKIAREALPERSON", secretAccessKey: "secret" });
}

function told(loaded: LoadedRealParts): string {
  return loaded.kind === "ok" ? "" : formatFaults(loaded.faults);
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
