import { execFile } from "node:child_process";
import { copyFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const root = new URL("../../", import.meta.url).pathname;

export interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly DependsOn?: unknown;
        readonly Properties: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly Outputs?: unknown;
}

export interface Packaged {
  readonly template: Template;
  /** Of the functions' archives. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** `npx serverless package` as a user types it, without any credentials in reach. */
export async function packageStack(place = root): Promise<Packaged> {
  const folder = await mkdtemp(join(tmpdir(), "promoter-package-"));
  const env = { PATH: process.env["PATH"], HOME: folder, AWS_EC2_METADATA_DISABLED: "true" };
  await promisify(execFile)(
    "npx",
    ["serverless", "package", "--stage", "test", "--package", folder],
    { cwd: place, env },
  );
  const template = JSON.parse(
    await readFile(join(folder, "cloudformation-template-update-stack.json"), "utf8"),
  ) as Template;
  return { template, folder, remove: () => rm(folder, { recursive: true }) };
}

/** The same repository with another promoter.yml. */
export async function projectWith(promoterYml: string): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "promoter-project-"));
  const shared = ["node_modules", "package.json", "statemachines", "functions", "src", "scripts"];
  await Promise.all(shared.map((name) => symlink(join(root, name), join(place, name))));
  // Neither are objects read through a link that leads out of the project, nor does the framework take one for its own file.
  await cp(join(root, "deploy"), join(place, "deploy"), { recursive: true });
  await copyFile(join(root, "serverless.yml"), join(place, "serverless.yml"));
  await writeFile(join(place, "promoter.yml"), promoterYml);
  return place;
}
