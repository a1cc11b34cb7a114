import {
  BatchCheckLayerAvailabilityCommand,
  GetDownloadUrlForLayerCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digestOf } from "../../ecr/digest.ts";
import { anImage, startRegistry, type TestRegistry } from "./start-registry.ts";

// Source of conditions and exceptions: API reference, layer operations.
const repositoryName = "orderbook-api";
const layer = Buffer.from("layer");
const layerDigest = digestOf(layer);

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const availability = async (...layerDigests: string[]) =>
  registry.client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));

it("distinguishes missing layers from malformed digests", async () => {
  const missing = digestOf(Buffer.from("missing"));
  const answer = await availability(missing, "sha256:short");
  expect(answer.layers).toEqual([{ layerDigest: missing, layerAvailability: "UNAVAILABLE" }]);
  expect(answer.failures).toMatchObject([
    { layerDigest: "sha256:short", failureCode: "InvalidLayerDigest" },
  ]);
});

it("shows the layers of an archived image as archived, and a dropped layer as unavailable", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  registry.ecr.archive(repositoryName, image.manifest.digest);
  registry.ecr.dropLayer(repositoryName, image.layers[0]?.digest ?? "");
  const { layers } = await availability(image.config.digest, image.layers[0]?.digest ?? "");
  expect(layers?.map((found) => found.layerAvailability)).toEqual(["ARCHIVED", "UNAVAILABLE"]);
});

it("gives an address from which a layer of an image can be read, here the config", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  const command = new GetDownloadUrlForLayerCommand({
    repositoryName,
    layerDigest: image.config.digest,
  });
  const { downloadUrl } = await registry.client.send(command);
  expect(downloadUrl).toMatch(new RegExp(`^${registry.origin}/_ecr-layers/`));
  expect(await (await fetch(downloadUrl ?? "")).json()).toMatchObject({
    os: "linux",
    architecture: "amd64",
  });
});

it.each([
  ["a layer that no image needs", layerDigest, "LayerInaccessibleException"],
  ["a layer that does not exist", digestOf(Buffer.from("missing")), "LayersNotFoundException"],
])("gives no address for %s", async (_, digest, name) => {
  await registry.oci("POST", `/v2/${repositoryName}/blobs/uploads/?digest=${layerDigest}`, {
    body: layer,
  });
  const command = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: digest });
  await expect(registry.client.send(command)).rejects.toMatchObject({ name });
});
