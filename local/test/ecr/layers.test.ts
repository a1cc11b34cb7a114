import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digestOf } from "../../ecr/digest.ts";
import { anImage, startRegistry, type TestRegistry } from "./start-registry.ts";

// Source of conditions and exceptions: API reference, layer operations.
const repositoryName = "orderbook-api";
const mebibyte = 1024 * 1024;
const layer = Buffer.alloc(6 * mebibyte, "layer");
const layerDigest = digestOf(layer);

let registry: TestRegistry;
let uploadId: string | undefined;
beforeEach(async () => {
  registry = await startRegistry();
  ({ uploadId } = await registry.client.send(new InitiateLayerUploadCommand({ repositoryName })));
});
afterEach(() => registry.close());

const part = (first: number, last: number, bytes: Buffer = layer.subarray(first, last + 1)) =>
  registry.client.send(
    new UploadLayerPartCommand({
      repositoryName,
      uploadId,
      partFirstByte: first,
      partLastByte: last,
      layerPartBlob: new Uint8Array(bytes),
    }),
  );
const complete = (digest = layerDigest) =>
  registry.client.send(
    new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }),
  );
const availability = async (...layerDigests: string[]) =>
  registry.client.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));

it("uploads a layer in parts", async () => {
  await part(0, 5 * mebibyte - 1);
  expect(await part(5 * mebibyte, layer.length - 1)).toMatchObject({
    uploadId,
    lastByteReceived: layer.length - 1,
  });
  expect(await complete()).toMatchObject({ layerDigest, repositoryName });
  expect((await availability(layerDigest)).layers).toEqual([
    { layerDigest, layerAvailability: "AVAILABLE", layerSize: layer.length },
  ]);
});

it("says from which byte to resume", async () => {
  await part(0, 5 * mebibyte - 1);
  await expect(part(5 * mebibyte + 1, layer.length - 1)).rejects.toMatchObject({
    name: "InvalidLayerPartException",
    lastValidByteReceived: 5 * mebibyte - 1,
    uploadId,
    repositoryName,
    registryId: "111122223333",
  });
});

it("refuses a part that is shorter than its range", async () => {
  await expect(part(0, 99, Buffer.from("short"))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

it("refuses a part that is too small unless it is the last", async () => {
  await part(0, mebibyte - 1);
  await part(mebibyte, layer.length - 1);
  await expect(complete()).rejects.toMatchObject({ name: "LayerPartTooSmallException" });
});

it("refuses an empty upload", async () => {
  await expect(complete()).rejects.toMatchObject({ name: "EmptyUploadException" });
});

it("refuses a layer that is not what its digest says", async () => {
  await part(0, layer.length - 1);
  await expect(complete(digestOf(Buffer.from("else")))).rejects.toMatchObject({
    name: "InvalidLayerException",
  });
});

it("says that a layer is there already", async () => {
  await part(0, layer.length - 1);
  await complete();
  ({ uploadId } = await registry.client.send(new InitiateLayerUploadCommand({ repositoryName })));
  await part(0, layer.length - 1);
  await expect(complete()).rejects.toMatchObject({ name: "LayerAlreadyExistsException" });
});

it("does not know a foreign upload", async () => {
  uploadId = "00000000-0000-0000-0000-000000000000";
  await expect(part(0, 9)).rejects.toMatchObject({ name: "UploadNotFoundException" });
});

it("tells missing layers from malformed digests", async () => {
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
  await part(0, layer.length - 1);
  await complete();
  const command = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: digest });
  await expect(registry.client.send(command)).rejects.toMatchObject({ name });
});
