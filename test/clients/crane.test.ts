import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ECRClient, PutAccountSettingCommand } from "@aws-sdk/client-ecr";
import { buildImage, type BuiltImage, type BuiltIndex } from "@promoter/local-cloud/image-builder";
import { describe, expect, it } from "vitest";
import { storyImage } from "../story/story-images.ts";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld, type ClientWorld } from "./start-client-world.ts";
import { writeLayout } from "./write-layout.ts";

const api = storyImage({ repository: "orderbook-api", version: "1.4.2" });
const ui = storyImage({
  repository: "orderbook-ui",
  version: "1.4.2",
  platforms: ["linux/amd64", "linux/arm64"],
});

/** Nearly that many bytes as a layer: random content does not get smaller. */
function largeImage(bytes: number): BuiltImage {
  const files = { "app/data": randomBytes(bytes).toString("base64") };
  return buildImage({
    platform: { os: "linux", architecture: "amd64" },
    created: "2026-01-05T08:00:00Z",
    mediaTypes: "oci",
    files,
  });
}

async function push(
  { run, folder, host }: ClientWorld,
  image: BuiltImage | BuiltIndex,
  target: string,
): Promise<string> {
  return run("crane", "push", "--insecure", await writeLayout(folder, image), `${host}/${target}`);
}

async function allowMounts({ cloud }: ClientWorld): Promise<void> {
  const client = new ECRClient({
    region: "eu-west-1",
    endpoint: cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  await client.send(new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value: "ENABLED" }));
}

describe.skipIf(lacksClient("crane"))("crane", () => {
  it("pushes both members; the promotion that follows puts the production tags on what was pushed", async () => {
    const world = await startClientWorld();
    await push(world, ui, "orderbook-ui:dev-1.4.2");
    expect(world.promotions()).toEqual([]);
    await push(world, api, "orderbook-api:dev-1.4.2");
    expect(await world.approve()).toBe("Promoted");
    const digest = async (tag: string): Promise<string> =>
      (await world.run("crane", "digest", "--insecure", `${world.host}/${tag}`)).trim();
    expect(await digest("orderbook-api:prod")).toBe(api.manifest.digest);
    expect(await digest("orderbook-ui:prod-1.4.2")).toBe(ui.manifest.digest);
  });

  it("gets back a large layer byte for byte", async () => {
    const world = await startClientWorld();
    const large = largeImage(45_000_000);
    await push(world, large, "orderbook-api:large");
    await world.run(
      "crane",
      "pull",
      "--insecure",
      "--format",
      "oci",
      `${world.host}/orderbook-api:large`,
      "back",
    );
    const digest = large.layers[0]?.digest ?? "";
    expect(large.layers[0]?.size).toBeGreaterThan(40_000_000);
    expect(
      (await readFile(join(world.folder, "back/blobs", digest.replace(":", "/")))).equals(
        large.layers[0]?.bytes ?? Buffer.alloc(0),
      ),
    ).toBe(true);
  });

  it.each([
    ["uploads every blob again where mounting is off", false, 4],
    ["mounts every blob where that is on", true, 0],
  ])("copies between repositories and %s", async (_, mounting, uploads) => {
    const world = await startClientWorld();
    if (mounting) await allowMounts(world);
    await push(world, ui, "orderbook-ui:dev-1.4.2");
    world.cloud.calls.clear();
    await world.run(
      "crane",
      "copy",
      "--insecure",
      `${world.host}/orderbook-ui:dev-1.4.2`,
      `${world.host}/orderbook-api:copied`,
    );
    expect(world.tagged("orderbook-api", "copied")).toBe(ui.manifest.digest);
    expect(
      world.cloud.calls.calls.filter(({ action }) => action === "ecr:CompleteLayerUpload"),
    ).toHaveLength(uploads);
  });

  it("tags, lists and deletes", async () => {
    const world = await startClientWorld();
    await push(world, api, "orderbook-api:one");
    await world.run("crane", "tag", "--insecure", `${world.host}/orderbook-api:one`, "two");
    expect(await world.run("crane", "ls", "--insecure", `${world.host}/orderbook-api`)).toBe(
      "one\ntwo\n",
    );
    expect(await world.run("crane", "catalog", "--insecure", world.host)).toBe(
      "orderbook-api\norderbook-ui\n",
    );
    await world.run("crane", "delete", "--insecure", `${world.host}/orderbook-api:one`);
    expect(await world.run("crane", "ls", "--insecure", `${world.host}/orderbook-api`)).toBe(
      "two\n",
    );
    await world.run(
      "crane",
      "validate",
      "--insecure",
      "--remote",
      `${world.host}/orderbook-api:two`,
    );
  });

  it("is told why a push is refused", async () => {
    const world = await startClientWorld({
      repositories: [{ name: "orderbook-api", imageTagMutability: "IMMUTABLE" }],
    });
    await push(world, api, "orderbook-api:dev-1.4.2");
    await expect(push(world, ui, "orderbook-api:dev-1.4.2")).rejects.toMatchObject({
      stderr: expect.stringContaining("TAG_INVALID") as unknown,
    });
    expect(world.tagged("orderbook-api", "dev-1.4.2")).toBe(api.manifest.digest);
    await expect(push(world, api, "unknown:dev-1.4.2")).rejects.toMatchObject({
      stderr: expect.stringContaining("NAME_UNKNOWN") as unknown,
    });
    await world.run("crane", "auth", "login", world.host, "-u", "AWS", "-p", "guess");
    await expect(push(world, api, "orderbook-api:other")).rejects.toMatchObject({
      stderr: expect.stringContaining("Unauthorized") as unknown,
    });
  });
});
