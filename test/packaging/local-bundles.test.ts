import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createLocalCloud, type LocalCloud } from "@promoter/local-cloud";
import { virtualClock } from "@promoter/local-cloud/clock";
import type { LocalCloudOptions } from "@promoter/local-cloud/internal/cloud-options.ts";
import { startProcessSandbox } from "@promoter/local-cloud/internal/lambda/process-sandbox.ts";
import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { packageFunctions } from "../../scripts/stack/package-functions.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import { parseConfiguration } from "../story/shop.ts";
import { storyImage } from "../story/story-images.ts";
import { projectWith, root } from "./package-stack.ts";

const patience = { timeout: 240_000, interval: 100 };
type Shipped = Pick<LocalCloudOptions, "configuration" | "template" | "packaged">;
let shipped: Shipped;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "promoter-bundles-"));
  const project = await parseConfiguration((yaml) => yaml);
  const template = await loadTemplate({ root, configuration: project.configuration });
  await packageFunctions({ root, outdir: folder, functions: template.functions, project });
  shipped = { configuration: project.configuration, template, packaged: folder };
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * A cloud in real time that runs the bundles of the shipped project: the pod specs, for one, it
 * does not have itself.
 */
async function startPackaged(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = await createLocalCloud({ ...shipped, podSpecs: {}, root, ...options });
  onTestFinished(() => cloud.close());
  return cloud;
}

/** Pushes both members, approves as soon as people are asked, and waits for the end. */
async function promote(
  cloud: LocalCloud,
): Promise<{ readonly arn: string; readonly shown: ShownPromotion }> {
  const {
    origin,
    registryCredentials,
    stepFunctions: { executions },
  } = cloud;
  for (const repository of ["orderbook-api", "orderbook-ui"]) {
    await pushImage({
      origin,
      repository,
      tag: "dev-1.4.2",
      image: storyImage({ repository, version: "1.4.2" }),
      credentials: registryCredentials,
    });
  }
  const arn = await vi.waitUntil(() => executions.arns[0], patience);
  const { approvers, message } = await vi.waitUntil(async () => {
    // It is not there before its first step.
    const { approval } = await show(cloud, arn).catch(() => ({ approval: undefined }));
    return approval?.message && { approvers: approval.approvers, message: approval.message };
  }, patience);
  await cloud.slack.click({
    user: approvers[0] ?? "",
    channel: message.channel,
    ts: message.id,
    actionId: "promoter_approve",
  });
  await executions.waitFor(arn);
  return { arn, shown: await show(cloud, arn) };
}

async function show(cloud: LocalCloud, arn: string): Promise<ShownPromotion> {
  const reply = await cloud.lambda.invoke("promoter-dev-show-promotion", {
    promotion: arn.split(":").at(-1),
  });
  if (reply.kind === "error") throw new Error(`${reply.errorType}: ${reply.errorMessage}`);
  return reply.payload as ShownPromotion;
}

const tagsOf = ({ ecr }: LocalCloud): readonly string[] =>
  ["orderbook-api", "orderbook-ui"].flatMap((repository) =>
    ecr.images(repository).flatMap(({ tags }) => tags.toSorted().join(" ")),
  );

/** Numbers of the processes that run bundles below a folder. */
async function processesOf(place: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map(async (pid) => ({
      pid,
      text: await readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
    })),
  );
  return environments
    .filter(({ text }) => text.includes(`LAMBDA_TASK_ROOT=${place}`))
    .map(({ pid }) => pid);
}

it("a push of both members is promoted by the bundles, each under its own role, and no process is left when the cloud closes", async () => {
  const logs: unknown[] = [];
  const cloud = await startPackaged({ log: (record) => void logs.push(record) });
  const { shown } = await promote(cloud);
  expect(shown.promotion.ending).toBe("Promoted");
  expect(tagsOf(cloud)).toEqual(Array(2).fill("dev-1.4.2 prod prod-1.4.2"));
  expect(logs).toContainEqual(
    expect.objectContaining({ level: "info", function: "RetagImages", outcome: "tagged" }),
  );

  const { calls } = cloud.calls;
  const callersOf = (wanted: string): ReadonlySet<string | undefined> =>
    new Set(
      calls.filter(({ action }) => action === wanted).map(({ functionName }) => functionName),
    );
  expect(callersOf("ecr:PutImage")).toEqual(
    new Set([undefined, "promoter-dev-retag-images", "promoter-dev-move-moving-tags"]),
  );
  expect(callersOf("slack:chat.postMessage")).toEqual(
    new Set(["promoter-dev-request-approval", "promoter-dev-announce"]),
  );
  expect(callersOf("kubernetes:patch")).toEqual(
    new Set(["promoter-dev-prepare-pod-spec", "promoter-dev-deploy-pod-spec"]),
  );
  expect(calls.filter(({ outcome }) => outcome === "denied")).toEqual([]);

  expect(await processesOf(folder)).not.toEqual([]);
  await cloud.close();
  expect(await processesOf(folder)).toEqual([]);
});

it("a process that is killed in the middle of a step is replaced, and the step retried", async () => {
  const cloud = await startPackaged();
  let victim: string | undefined;
  cloud.calls.setFaults(({ action, functionName, accessKeyId }) => {
    if (
      victim !== undefined ||
      action !== "ecr:PutImage" ||
      functionName !== "promoter-dev-retag-images"
    ) {
      return undefined;
    }
    victim = accessKeyId;
    return "dies-after";
  });
  const { arn, shown } = await promote(cloud);
  expect(shown.promotion.ending).toBe("Promoted");
  const failures = cloud.stepFunctions.executions
    .history(arn)
    .flatMap(({ details: { taskFailedEventDetails: failed } }) => failed ?? []);
  expect(failures).toMatchObject([
    { error: "Runtime.ExitError", cause: expect.stringContaining("signal: killed") as unknown },
  ]);
  expect(
    cloud.calls.calls.filter(({ accessKeyId }) => accessKeyId === victim).at(-1),
  ).toMatchObject({ action: "ecr:PutImage", outcome: "dropped" });
  expect(tagsOf(cloud)).toEqual(Array(2).fill("dev-1.4.2 prod prod-1.4.2"));
});

it("a bundle whose time runs out while a call is under way exits by itself, without an answer", async () => {
  let requests = 0;
  const silent = createServer(() => {
    requests += 1;
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => silent.close().closeAllConnections());
  const sandbox = await startProcessSandbox({
    settings: {
      name: "retag-images",
      arn: "arn:aws:lambda:eu-west-1:111122223333:function:retag-images",
    },
    folder: join(folder, "retagImages"),
    log: () => undefined,
    environment: {
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "LOCAL",
      AWS_SECRET_ACCESS_KEY: "local",
      PROMOTER_TABLE: "table",
      PROMOTER_REGISTRY: "111122223333",
    },
  });
  onTestFinished(() => sandbox.end());
  const reply = await sandbox.invoke({
    requestId: "id-1",
    payload: { promotion: "p-1", visit: "RetagImages@1", redrives: 0 },
    deadline: Date.now() + 2_000,
  });
  expect(reply).toEqual({
    kind: "error",
    errorType: "Runtime.ExitError",
    errorMessage: "RequestId: id-1 Error: Runtime exited with error: exit status 1",
  });
  expect([requests, sandbox.isAlive()]).toEqual([1, false]);
});

it("a bundle whose role lacks a permission is refused, as in AWS", async () => {
  const template = JSON.parse(
    JSON.stringify(shipped.template).replaceAll(
      '"ecr:PutImage"',
      '"ecr:PutImageScanningConfiguration"',
    ),
  ) as Template;
  const { shown } = await promote(await startPackaged({ template }));
  expect(shown.promotion).toMatchObject({
    ending: "Failed",
    reasons: [expect.stringMatching(/^RetagImages: RegistryRefused: .*ecr:PutImage/s) as unknown],
  });
});

it("bundles under a virtual clock are refused: a process knows the real time only", async () => {
  await expect(startPackaged({ clock: virtualClock() })).rejects.toThrow(
    "a virtual clock does not reach packaged functions",
  );
});

it("`npm start -- --packaged` says that it runs the bundles, and Ctrl-C in the middle of it leaves no process behind", async () => {
  const place = await projectWith(await readFile(join(root, "promoter.yml"), "utf8"));
  onTestFinished(() => rm(place, { recursive: true }));
  const start = spawn(process.execPath, [join(root, "cli/start.ts"), "--packaged", "--port", "0"], {
    cwd: place,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface({ input: start.stdout }).on("line", (line) => lines.push(line));
  await vi.waitUntil(() => lines.some((line) => line.includes("VerifyImages")), patience);
  expect(lines.join("\n")).toContain(
    "the minified bundles in .promoter/packaged, one process per container",
  );
  expect(await processesOf(place)).not.toEqual([]);
  start.kill("SIGINT");
  await once(start, "exit");
  expect(await processesOf(place)).toEqual([]);
});
