import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storyImage } from "../story/story-images.ts";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld, type ClientWorld } from "./start-client-world.ts";
import { writeLayout } from "./write-layout.ts";

const ui = storyImage({
  repository: "orderbook-ui",
  version: "1.4.2",
  platforms: ["linux/amd64", "linux/arm64"],
});

async function startWithRegctl(): Promise<ClientWorld> {
  const world = await startClientWorld();
  await world.run(
    "regctl",
    "registry",
    "set",
    world.host,
    "--tls",
    "disabled",
    "--blob-chunk",
    "6000000",
    "--blob-max",
    "6000000",
  );
  return world;
}

describe.skipIf(lacksClient("regctl"))("regctl", () => {
  it("uploads a blob in chunks and gets it back", async () => {
    const world = await startWithRegctl();
    const layer = randomBytes(20_000_000);
    await writeFile(join(world.folder, "layer"), layer);
    const put = `regctl blob put ${world.host}/orderbook-api < layer`;
    const digest = (await world.run("sh", "-c", put)).trim();
    expect(
      world.cloud.calls.calls.filter(
        ({ action, outcome }) => action === "ecr:UploadLayerPart" && outcome === 201,
      ),
    ).toHaveLength(4);
    await world.run("sh", "-c", `regctl blob get ${world.host}/orderbook-api ${digest} > back`);
    expect((await readFile(join(world.folder, "back"))).equals(layer)).toBe(true);
  });

  it("copies an image with several platforms, lists repositories and tags, and takes one tag away", async () => {
    const world = await startWithRegctl();
    for (const tag of ["one", "two"]) {
      await world.run(
        "regctl",
        "image",
        "copy",
        `ocidir://${await writeLayout(world.folder, ui)}:latest`,
        `${world.host}/orderbook-ui:${tag}`,
      );
    }
    expect(world.tagged("orderbook-ui", "one")).toBe(ui.manifest.digest);
    expect(await world.run("regctl", "repo", "ls", world.host)).toBe(
      "orderbook-api\norderbook-ui\n",
    );
    await world.run("regctl", "tag", "delete", `${world.host}/orderbook-ui:one`);
    expect(await world.run("regctl", "tag", "ls", `${world.host}/orderbook-ui`)).toBe("two\n");
  });
});
