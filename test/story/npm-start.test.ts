import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { realClock } from "@promoter/local-cloud/clock";
import { pushImage } from "@promoter/local-cloud/push-image";
import { expect, onTestFinished, test, vi } from "vitest";
import { push } from "../../cli/commands/push.ts";
import { loadProject } from "../../cli/load-project.ts";
import { runShow, type ShowOptions } from "../../cli/show/run-show.ts";
import { hands, projectWith, repository, screen } from "./shipped-project.ts";
import { startOutside, type Outside } from "./start-outside.ts";
import { storyImage } from "./story-images.ts";

/** In real time, with thousands of requests: a busy machine may need longer. */
vi.setConfig({ testTimeout: 120_000 });

test("with a real Slack the greeting comes first, the vote from there, and no secret is printed or kept", async () => {
  const outside = await startOutside(realClock);
  const shown = screen();
  const root = await projectWith(slackYaml(outside));
  const show = runShow({ ...options, root, env: slackEnvironment }, shown.terminal);
  const url = await shown.until(/https:\/\/<your tunnel>(\S+)/);
  const door = await shown.until(/tunnel at (\S+),/);
  outside.setInteractivityUrl(`${door}${url}`);
  await shown.until(/(Asked in Slack)/);
  const state = await readFile(join(root, ".promoter/cloud.json"), "utf8");
  expect(await outside.approve("U012AB3CD")).toEqual({ kind: "delivered" });
  expect(await show).toEqual({
    endings: [{ ...release, ending: "Promoted" }],
    lost: [],
    open: [],
    interrupted: undefined,
    unpromotable: [],
  });
  const text = shown.lines.join("\n");
  expect(text).toMatch(
    /Slack at http:\/\/127\.0\.0\.1:\d+\/_slack\/api: workspace Local, as promoter\n {4}posts and edits messages in #releases[^]*\n {2}Nothing is approved automatically\. Only votes in Slack count\.[^]*push {2}orderbook-api/,
  );
  expect(JSON.parse(state)).toMatchObject({ real: [`Slack at ${outside.origin}/_slack/api`] });
  expect(outside.secrets.filter((secret) => `${text}${state}`.includes(secret))).toEqual([]);
});

test("a token that Slack does not know is reported before anything is done", async () => {
  const outside = await startOutside(realClock);
  const root = await projectWith(slackYaml(outside));
  const { terminal, lines } = screen();
  const show = runShow(
    { ...options, root, env: { ...slackEnvironment, SLACK_BOT_TOKEN: "xoxb-of-another-app" } },
    terminal,
  );
  await expect(show).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(
      /got invalid_auth; store a valid bot token\nNothing was started\.$/,
    ),
  });
  expect(lines).toEqual([]);
});

test("parts that do not answer are reported together, and the same command may succeed later", async () => {
  const outside = await startOutside(realClock);
  await outside.close();
  const root = await projectWith(`${slackYaml(outside)}ecr: { endpoint: "${outside.origin}" }\n`);
  const env = { ...slackEnvironment };
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAREALPERSON");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "real-secret-access-key");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const show = runShow({ ...options, once: false, root, env }, screen().terminal);
  await expect(show).rejects.toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(
      /ECR at \S+ cannot be reached: ECONNREFUSED\n[^]*Slack at \S+ cannot be reached: ECONNREFUSED\nNothing was started\.$/,
    ),
  });
});

test("a repository that the real ECR does not have is reported before anything is done", async () => {
  const outside = await startOutside(realClock);
  const root = await projectWith(`ecr: { endpoint: "${outside.origin}" }\n`, (yaml) =>
    yaml.replaceAll("orderbook-ui", "orderbook-web"),
  );
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAREALPERSON");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "real-secret-access-key");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await expect(runShow({ ...options, once: false, root }, screen().terminal)).rejects.toMatchObject(
    { exitCode: 2, message: expect.stringContaining("RepositoryNotFoundException") },
  );
});

test("a real cluster that the kubeconfig does not know is reported before anything is done, without a file of real parts", async () => {
  const root = await projectWith("", (yaml) =>
    yaml.replace(/\{ eks: orderbook-prod.*\}/, "{ context: kind-orderbook }"),
  );
  await writeFile(
    join(root, "kubeconfig"),
    "apiVersion: v1\nkind: Config\ncontexts: []\nclusters: []\nusers: []\n",
  );
  vi.stubEnv("KUBECONFIG", join(root, "kubeconfig"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const show = runShow({ ...options, root, real: undefined }, screen().terminal);
  await expect(show).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("context kind-orderbook is not in the kubeconfig"),
  });
});

test("--yes and a run without a terminal are refused as soon as one part is real", async () => {
  const outside = await startOutside(realClock);
  const root = await projectWith(slackYaml(outside));
  await expect(
    runShow({ ...options, root, yes: true, env: slackEnvironment }, screen().terminal),
  ).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("nothing is approved automatically"),
  });
  expect(outside.requests).toEqual([]);
});

test("with --no-push it waits for `npm run push`, which needs no engine; a rebuild has other digests", async () => {
  const shown = screen();
  const root = await projectWith("");
  const show = runShow(
    { ...options, root, real: undefined, once: false, push: false, yes: true },
    shown.terminal,
  );
  await shown.until(/(The cloud stays up: push images)/);
  const [first = ""] = await npmRunPush(root, ["orderbook", "1.4.2", "--only", "orderbook-api"]);
  expect(first).toMatch(/^push {2}orderbook-api:dev-1\.4\.2 {2}[0-9a-f]{12} {2}\(1 platform\)$/);
  await shown.until(/(orderbook 1\.4\.2 is incomplete: orderbook-ui is missing)/);
  const pushed = await npmRunPush(root, ["orderbook", "1.5.0", "--rebuild"]);
  expect(pushed.map((line) => line.split(/ +/)[1])).toEqual([
    "orderbook-api:dev-1.5.0",
    "orderbook-ui:dev-1.5.0",
  ]);
  expect(
    await npmRunPush(root, ["orderbook", "1.4.2", "--only", "orderbook-api", "--rebuild"]),
  ).not.toEqual([first]);
  await shown.until(/(Promoted {2}orderbook 1\.5\.0 to production)/);
  process.emit("SIGINT", "SIGINT");
  expect(await show).toEqual({
    endings: [],
    lost: [],
    open: [],
    interrupted: undefined,
    unpromotable: [],
  });
  expect(shown.lines).toContain("  U012AB3CD pressed Approve (--yes)");
});

test("where no environment takes a version that could be pushed first, it says so and leaves", async () => {
  const shown = screen();
  const root = await projectWith("", (yaml) =>
    yaml.replace("        tags:", '        versions: { ignore: ["1*", "0*"] }\n        tags:'),
  );
  const result = await runShow({ ...options, root, real: undefined, yes: true }, shown.terminal);
  expect(result).toEqual({
    endings: [],
    lost: [],
    open: [],
    interrupted: undefined,
    unpromotable: ["orderbook"],
  });
  expect(shown.lines).toContain(
    'skip  nothing of orderbook is pushed: production ignores 1.4.2: it matches "1*" in versions.ignore; push what it takes with `npm run push -- orderbook <version>`',
  );
  expect(shown.lines.filter((line) => /^push |Waiting for the end of/m.test(line))).toEqual([]);
});

test("a push that was meant as a release but is not one is reported once, and other pushes that are ignored are not", async () => {
  const shown = screen();
  const root = await projectWith("");
  const show = runShow(
    { ...options, root, real: undefined, once: false, push: false },
    shown.terminal,
  );
  const [, origin = "", password = ""] = await shown
    .until(/registry +(127\S+) .* -p (\S+)\)/)
    .then(() => /registry +(127\S+) .* -p (\S+)\)/.exec(shown.lines.join("\n")) ?? []);
  const registry = {
    origin: `http://${origin}`,
    credentials: { user: "AWS", password },
    repository: "orderbook-api",
  };
  for (const tag of [
    undefined,
    `sha256-${"0".repeat(64)}.sig`,
    "prod-1.4.2",
    "latest",
    "dev-foo",
  ]) {
    await pushImage({
      ...registry,
      ...(tag === undefined ? {} : { tag }),
      image: storyImage({ repository: "orderbook-api", version: tag ?? "child" }),
    });
  }
  await shown.until(
    /^skip {2}(orderbook-api:dev-foo) has no valid semver version, such as 1\.4\.2 or/,
  );
  expect(shown.lines.filter((line) => line.startsWith("skip"))).toHaveLength(1);
  process.emit("SIGINT", "SIGINT");
  await show;
});

test.each([
  [["orderbok", "1.4.2"], 'there is no application named "orderbok"; promoter.yml has orderbook'],
  [["orderbook", "1 4"], '"1 4" does not form a valid tag with dev-{version}'],
  [
    ["orderbook", "1.4.2", "--only", "ui"],
    '"ui" is not an image of orderbook: it has orderbook-api, orderbook-ui',
  ],
])("npm run push -- %j says what there is, and exits with 2", async (args, message) => {
  const configuration = (await loadProject({ root: repository, config: "promoter.yml" }))
    .configuration;
  const [application = "", version = "", , only] = args;
  const registry = { origin: "http://127.0.0.1:1", credentials: { user: "AWS", password: "" } };
  const pushing = push(
    { application, version, only: only === undefined ? [] : [only], rebuild: false },
    { configuration, registry, terminal: screen().terminal },
  );
  await expect(pushing).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(message),
  });
});

test("the local Slack has a user who may not approve", async () => {
  const shown = screen();
  const root = await projectWith("");
  const show = runShow(
    { ...options, root, real: undefined, once: false, push: false },
    shown.terminal,
  );
  const page = await shown.until(/(http:\/\/127\.0\.0\.1:\d+\/_slack\/)/);
  await shown.until(/(The cloud stays up)/);
  expect(await (await fetch(page)).text()).toMatch(
    /<option value="U012AB3CD">[^]*<option value="U0BYSTANDER">bystander \(not an approver\)/,
  );
  process.emit("SIGINT", "SIGINT");
  await show;
});

async function npmRunPush(root: string, args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(repository, "cli/push.ts"), ...args],
    { cwd: root },
  );
  return stdout.trim().split("\n");
}

const release = { application: "orderbook", environment: "production", version: "1.4.2" };
const options: ShowOptions = {
  root: "",
  config: "promoter.yml",
  real: "promoter.local.yml",
  env: {},
  keyboard: hands().keyboard,
  port: 0,
  once: true,
  push: true,
  yes: false,
  packaged: false,
  verbose: true,
};
const slackEnvironment = {
  SLACK_BOT_TOKEN: "xoxb-real-0123456789",
  SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef",
};

function slackYaml({ slackParts: { api, hooks } }: Outside): string {
  return `slack: { api: "${api}", hooks: "${hooks}", callbackPort: 0 }\n`;
}
