import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pushFolder, registryOf, shippedManifests } from "../story/push-to.ts";
import { withoutApproval } from "../story/shop.ts";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld, type ClientWorld } from "./start-client-world.ts";

const repository = "orderbook-manifests";
const version = "1.4.2";

/** A world whose release has its images, and waits for its objects in `manifests`. */
async function waitingWorld(): Promise<ClientWorld> {
  const world = await startClientWorld({
    yaml: (text) =>
      withoutApproval(text).replace("files: deploy/orderbook", `artifact: ${repository}`),
  });
  await world.push("orderbook-api", version);
  await world.push("orderbook-ui", version);
  await cp(await shippedManifests(), join(world.folder, "manifests"), { recursive: true });
  return world;
}

/** Of its one promotion, and whether the moving tag is on what was pushed. */
async function endingOf(world: ClientWorld): Promise<string> {
  const [promotion = ""] = world.promotions();
  const ending = await world.ending(promotion);
  const isMoved = world.tagged(repository, "prod") === world.tagged(repository, `dev-${version}`);
  return `${ending}, ${isMoved ? "moved" : "not moved"}`;
}

const target = ({ host }: ClientWorld): string => `${host}/${repository}:dev-${version}`;

describe.skipIf(lacksClient("oras"))("oras", () => {
  it("pushes the objects of a release", async () => {
    const world = await waitingWorld();
    await world.run("oras", "push", "--plain-http", target(world), "manifests");
    expect(await endingOf(world)).toBe("Promoted, moved");
  });

  it("pulls what push-manifests pushed", async () => {
    const world = await waitingWorld();
    const folder = join(world.folder, "manifests");
    await pushFolder(`${repository}:dev-${version}`, folder, registryOf(world));
    const manifest = await world.run("oras", "manifest", "fetch", "--plain-http", target(world));
    const [layer] = (JSON.parse(manifest) as { layers: [{ digest: string }] }).layers;
    const blob = `${world.host}/${repository}@${layer.digest}`;
    await world.run("oras", "blob", "fetch", "--plain-http", "--output", "layer.tgz", blob);
    await mkdir(join(world.folder, "unpacked"));
    await world.run("tar", "-xzf", "layer.tgz", "-C", "unpacked");
    expect(await readFile(join(world.folder, "unpacked/production/api.yaml"), "utf8")).toBe(
      await readFile(join(folder, "production/api.yaml"), "utf8"),
    );
  });
});

describe.skipIf(lacksClient("flux"))("flux", () => {
  const source = ["--source", "https://git.example/orderbook", "--revision", "1.4.2@sha1:0123abc"];

  it("pushes the objects of a release", async () => {
    const world = await waitingWorld();
    const url = `oci://${target(world)}`;
    await world.run("flux", "push", "artifact", url, "--path", "manifests", ...source);
    expect(await endingOf(world)).toBe("Promoted, moved");
  });

  it("pulls by the moving tag what push-manifests pushed and what was promoted", async () => {
    const world = await waitingWorld();
    const folder = join(world.folder, "manifests");
    await pushFolder(`${repository}:dev-${version}`, folder, registryOf(world));
    await world.cloud.settle();
    expect(await endingOf(world)).toBe("Promoted, moved");
    await mkdir(join(world.folder, "pulled"));
    const moving = `oci://${world.host}/${repository}:prod`;
    await world.run("flux", "pull", "artifact", moving, "--output", "pulled");
    expect(await readFile(join(world.folder, "pulled/production/api.yaml"), "utf8")).toBe(
      await readFile(join(folder, "production/api.yaml"), "utf8"),
    );
  });
});
