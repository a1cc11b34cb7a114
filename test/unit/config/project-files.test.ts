import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { webProject } from "./web-project.ts";

const web = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n";
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web }] } }
`;

let root = "";
let outside = "";

/** `file:line message` of every fault. */
async function told(config = "promoter.yml"): Promise<readonly string[]> {
  const loaded = await loadConfiguration({ root, config });
  expect(JSON.stringify(loaded)).not.toContain("hunter2");
  return loaded.kind === "ok"
    ? []
    : loaded.faults.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

beforeEach(async () => {
  const place = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  [root, outside] = [join(place, "project"), join(place, "project-secrets")];
  await mkdir(join(root, "deploy"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(root, "promoter.yml"), webProject);
  await writeFile(join(root, "deploy/web.yaml"), deployment);
  await writeFile(join(outside, "secret.yaml"), "password: hunter2\n");
});

describe("a file of the folder", () => {
  it.each<readonly [string, () => Promise<unknown>, string]>([
    [
      "a link to nothing",
      () => symlink("nowhere.yaml", join(root, "deploy/x.yaml")),
      "there is no such file",
    ],
    [
      "a link to itself",
      () => symlink("x.yaml", join(root, "deploy/x.yaml")),
      "these links form a loop",
    ],
    [
      "a link out of the project",
      () => symlink(join(outside, "secret.yaml"), join(root, "deploy/x.yaml")),
      "this leads out of the project; nothing there was read",
    ],
    [
      "a link out of the project that says ..",
      () => symlink("../../project-secrets/secret.yaml", join(root, "deploy/x.yaml")),
      "this leads out of the project; nothing there was read",
    ],
    [
      "a link through a link",
      async () => [
        await symlink(outside, join(root, "hidden")),
        await symlink("../hidden/secret.yaml", join(root, "deploy/x.yaml")),
      ],
      "this leads out of the project; nothing there was read",
    ],
    ["a link to a folder", () => symlink("..", join(root, "deploy/x.yaml")), "this is not a file"],
    [
      "a pipe, of which nothing would ever come",
      async () => execFileSync("sh", ["-c", 'mkfifo "$0"', join(root, "deploy/x.yaml")]),
      "this is not a file",
    ],
    [
      "too large",
      async () => [
        await writeFile(join(root, "deploy/x.yaml"), web),
        await truncate(join(root, "deploy/x.yaml"), 8 * 1024 * 1024 + 1),
      ],
      "this file is larger than 8 MiB",
    ],
    [
      "no text",
      () => writeFile(join(root, "deploy/x.yaml"), Buffer.from([0x61, 0x3a, 0x20, 0xff])),
      "this file is not UTF-8 text",
    ],
  ])("that is %s is a fault", async (_, make, fault) => {
    await make();
    expect(await told()).toEqual([`deploy/x.yaml:1 ${fault}`]);
  });

  it.skipIf(process.getuid?.() === 0)("without read permission is a fault", async () => {
    await writeFile(join(root, "deploy/x.yaml"), web);
    await chmod(join(root, "deploy/x.yaml"), 0);
    expect(await told()).toEqual(["deploy/x.yaml:1 this file cannot be read"]);
  });

  it("may be as large as the install.yaml of an operator", async () => {
    await writeFile(join(root, "deploy/x.yaml"), `# ${"x".repeat(6 * 1024 * 1024)}\n${web}`);
    expect(await told()).toEqual([]);
  });

  it("may be a link within the project", async () => {
    await writeFile(join(root, "shared.yaml"), web);
    await symlink("../shared.yaml", join(root, "deploy/x.yaml"));
    expect(await told()).toEqual([]);
  });

  it("may begin with a byte order mark", async () => {
    await writeFile(join(root, "deploy/x.yaml"), `\uFEFF${web}`);
    expect(await told()).toEqual([]);
  });

  it("is never promoter.yml itself", async () => {
    await writeFile(join(root, "promoter.yml"), webProject.replace("files: deploy", "files: ."));
    await writeFile(join(root, "web.yaml"), deployment);
    expect(await told()).toEqual([]);
  });
});

it("a project is found below a link, too", async () => {
  const link = `${root}-link`;
  await symlink(root, link);
  root = link;
  expect(await told()).toEqual([]);
});

describe("a folder", () => {
  it.each<readonly [string, () => Promise<unknown>, string]>([
    [
      "leads out of the project",
      () => symlink(outside, join(root, "other")),
      "this folder leads out of the project; nothing there was read",
    ],
    ["leads in a circle", () => symlink("other", join(root, "other")), "these links form a loop"],
    ["leads to nothing", () => symlink("nowhere", join(root, "other")), "there is no folder other"],
    ["is a file", () => writeFile(join(root, "other"), web), "there is no folder other"],
  ])("that %s is a fault of promoter.yml", async (_, make, fault) => {
    await make();
    await writeFile(
      join(root, "promoter.yml"),
      webProject.replace("files: deploy", "files: other"),
    );
    expect(await told()).toEqual([`promoter.yml:7 ${fault}`]);
  });

  it("that holds too much is reported at the file that exceeds the limit", async () => {
    const large = `${web}data: { a: ${"x".repeat(1_000_000)} }\n`;
    await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        writeFile(
          join(root, `deploy/${index}.yaml`),
          large.replace("name: web", `name: web-${index}`),
        ),
      ),
    );
    expect(await told()).toContainEqual(
      "deploy/8.yaml:1 the files of deploy exceed 8 MiB in total",
    );
  });
});

describe("promoter.yml", () => {
  it.each<readonly [string, () => Promise<unknown>, string]>([
    [
      "leads out of the project",
      () => symlink(join(outside, "secret.yaml"), join(root, "other.yml")),
      "this leads out of the project; nothing there was read",
    ],
    [
      "leads in a circle",
      () => symlink("other.yml", join(root, "other.yml")),
      "these links form a loop",
    ],
    ["is not there", async () => undefined, "there is no such file"],
    ["is a folder", () => mkdir(join(root, "other.yml")), "this is not a file"],
    [
      "is a bomb",
      () =>
        writeFile(
          join(root, "other.yml"),
          `a: &a [${"x,".repeat(1000)}]\nb: &b [${"*a,".repeat(1000)}]\nc: [${"*b,".repeat(1000)}]\n`,
        ),
      "aliases repeat too much: expanded, the document would be too large",
    ],
    [
      "is nested without end",
      () => writeFile(join(root, "other.yml"), "[".repeat(20_000)),
      "this is nested too deeply",
    ],
  ])("that %s is a fault", async (_, make, fault) => {
    await make();
    expect(await told("other.yml")).toContainEqual(
      expect.stringMatching(new RegExp(`^other\\.yml:\\d+ ${fault}`)),
    );
  });
});
