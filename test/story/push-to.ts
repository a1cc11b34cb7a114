import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { pushManifests } from "../../cli/commands/push-manifests.ts";
import type { Configuration } from "../../src/domain/configuration.ts";
import type { StoryWorld } from "./start-world.ts";

export interface PushedManifests {
  readonly outcome: string;
  readonly digest: string;
}

/** A folder of its own, gone after the test. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(place, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

/** The shipped objects as those of production; `change` changes the text of each file. */
export async function shippedManifests(
  change: (text: string) => string = (text) => text,
): Promise<string> {
  const place = await folderWith({});
  const shipped = new URL("../../deploy/orderbook", import.meta.url).pathname;
  await cp(shipped, join(place, "production"), { recursive: true });
  for (const name of ["api.yaml", "ui.yaml", "namespace.yaml"]) {
    const file = join(place, "production", name);
    await writeFile(file, change(await readFile(file, "utf8")));
  }
  return place;
}

/** As the command does; nobody waits for what it sets off. */
export async function pushFolder(
  target: string,
  folder: string,
  {
    configuration,
    ...registry
  }: {
    readonly origin: string;
    readonly password?: string;
    readonly configuration?: Configuration;
  },
): Promise<PushedManifests> {
  const lines: string[] = [];
  await pushManifests(
    { target, folder, json: true },
    {
      logIn: () =>
        Promise.resolve({
          origin: registry.origin,
          credentials: { user: "AWS", password: registry.password ?? "none" },
        }),
      configuration: () => Promise.resolve(configuration),
      terminal: {
        line: (text = "") => void lines.push(text),
        error: () => undefined,
        style: (_, text) => text,
        interactive: false,
      },
    },
  );
  return JSON.parse(lines.join("\n")) as PushedManifests;
}

export const registryOf = ({
  cloud,
}: Pick<StoryWorld, "cloud">): { readonly origin: string; readonly password: string } => ({
  origin: cloud.origin,
  password: cloud.registryCredentials.password,
});
