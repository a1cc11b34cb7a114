import { digestOf } from "@promoter/local-cloud/internal/ecr/digest.ts";
import { mediaTypes } from "@promoter/local-cloud/internal/oci/media-types.ts";
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

const policy = "--insecure-policy";
const toHere = "--dest-tls-verify=false";
const fromHere = "--src-tls-verify=false";

async function copy(
  { run, folder, host }: ClientWorld,
  image: typeof api,
  target: string,
): Promise<string> {
  return run(
    "skopeo",
    policy,
    "copy",
    "--all",
    toHere,
    `oci:${await writeLayout(folder, image)}:latest`,
    `docker://${host}/${target}`,
  );
}

describe.skipIf(lacksClient("skopeo"))("skopeo", () => {
  it("pushes both members; the promotion that follows puts the production tags on what was pushed", async () => {
    const world = await startClientWorld();
    await copy(world, api, "orderbook-api:dev-1.4.2");
    expect(world.promotions()).toEqual([]);
    await copy(world, ui, "orderbook-ui:dev-1.4.2");
    expect(await world.approve()).toBe("Promoted");
    const raw = (tag: string): Promise<string> =>
      world.run(
        "skopeo",
        "inspect",
        "--raw",
        "--tls-verify=false",
        `docker://${world.host}/${tag}`,
      );
    expect(digestOf(Buffer.from(await raw("orderbook-api:prod-1.4.2")))).toBe(api.manifest.digest);
    expect(digestOf(Buffer.from(await raw("orderbook-ui:prod")))).toBe(ui.manifest.digest);
  });

  it("gets back every byte of an image with several platforms", async () => {
    const world = await startClientWorld();
    await copy(world, ui, "orderbook-ui:dev-1.4.2");
    await world.run(
      "skopeo",
      policy,
      "copy",
      "--all",
      "--preserve-digests",
      fromHere,
      `docker://${world.host}/orderbook-ui:dev-1.4.2`,
      "oci:back:latest",
    );
    await world.run(
      "skopeo",
      policy,
      "copy",
      "--all",
      "--preserve-digests",
      toHere,
      "oci:back:latest",
      `docker://${world.host}/orderbook-api:again`,
    );
    expect(world.tagged("orderbook-api", "again")).toBe(ui.manifest.digest);
  });

  it("pushes Docker's schema 2, and pulls it as OCI by its tag", async () => {
    const world = await startClientWorld();
    await world.run(
      "skopeo",
      policy,
      "copy",
      "--format",
      "v2s2",
      toHere,
      `oci:${await writeLayout(world.folder, api)}:latest`,
      `docker://${world.host}/orderbook-api:docker`,
    );
    expect(world.cloud.ecr.images("orderbook-api")).toMatchObject([
      { tags: ["docker"], mediaType: mediaTypes.dockerManifest },
    ]);
    await world.run(
      "skopeo",
      policy,
      "copy",
      fromHere,
      `docker://${world.host}/orderbook-api:docker`,
      "oci:back:latest",
    );
    expect(JSON.parse(await world.run("skopeo", "inspect", "oci:back:latest"))).toMatchObject({
      Os: "linux",
      Architecture: "amd64",
    });
  });

  it("moves a tag, lists it, and deletes what it is on", async () => {
    const world = await startClientWorld();
    await copy(world, api, "orderbook-api:latest");
    await copy(world, ui, "orderbook-api:latest");
    expect(world.tagged("orderbook-api", "latest")).toBe(ui.manifest.digest);
    await copy(world, api, "orderbook-api:other");
    const listed = await world.run(
      "skopeo",
      "list-tags",
      "--tls-verify=false",
      `docker://${world.host}/orderbook-api`,
    );
    expect(JSON.parse(listed)).toMatchObject({ Tags: ["latest", "other"] });
    await world.run(
      "skopeo",
      "delete",
      "--tls-verify=false",
      `docker://${world.host}/orderbook-api:latest`,
    );
    expect(world.tagged("orderbook-api", "latest")).toBeUndefined();
    expect(world.tagged("orderbook-api", "other")).toBe(api.manifest.digest);
  });

  it("is told why a push is refused", async () => {
    const world = await startClientWorld({
      repositories: [{ name: "orderbook-api", imageTagMutability: "IMMUTABLE" }],
    });
    await copy(world, api, "orderbook-api:dev-1.4.2");
    const rebuilt = storyImage({
      repository: "orderbook-api",
      version: "1.4.2",
      content: "rebuilt",
    });
    await expect(copy(world, rebuilt, "orderbook-api:dev-1.4.2")).rejects.toMatchObject({
      stderr: expect.stringContaining(
        "cannot be overwritten because the tag is immutable",
      ) as unknown,
    });
    expect(world.tagged("orderbook-api", "dev-1.4.2")).toBe(api.manifest.digest);
    await expect(copy(world, api, "unknown:dev-1.4.2")).rejects.toMatchObject({
      stderr: expect.stringContaining(
        "The repository with name 'unknown' does not exist",
      ) as unknown,
    });
    const guessing = world.run(
      "skopeo",
      policy,
      "copy",
      toHere,
      "--dest-creds",
      "AWS:guess",
      `oci:${await writeLayout(world.folder, api)}:latest`,
      `docker://${world.host}/orderbook-api:other`,
    );
    await expect(guessing).rejects.toMatchObject({
      stderr: expect.stringContaining("unauthorized") as unknown,
    });
  });
});
