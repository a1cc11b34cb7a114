import {
  PutImageCommand,
  PutImageTagMutabilityCommand,
  type ImageTagMutability,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIndex, type BuiltImage } from "../../ecr/builder/image-builder.ts";
import { digestOf } from "../../ecr/digest.ts";
import { mediaTypes } from "../../oci/media-types.ts";
import {
  anImage,
  armImage,
  detailsOf,
  startRegistry,
  type TestRegistry,
} from "./start-registry.ts";

// The exceptions and their conditions: API reference, PutImage.
const repositoryName = "orderbook-api";
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const put = (
  image: BuiltImage,
  further: Partial<PutImageCommand["input"]> = {},
): Promise<unknown> =>
  registry.client.send(
    new PutImageCommand({
      repositoryName,
      imageManifest: image.manifest.bytes.toString(),
      ...further,
    }),
  );

it("puts a further tag on an image and announces it", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  const answer = await put(image, { imageTag: "prod-1", imageDigest: image.manifest.digest });
  expect(answer).toMatchObject({
    image: {
      registryId: "111122223333",
      repositoryName,
      imageId: { imageDigest: image.manifest.digest, imageTag: "prod-1" },
      imageManifest: image.manifest.bytes.toString(),
      imageManifestMediaType: mediaTypes.ociManifest,
    },
  });
  const tags = detailsOf(registry.events, "ECR Image Action").map((detail) => detail["image-tag"]);
  expect(tags).toEqual(["dev-1", "prod-1"]);
});

it("refuses the same digest under the same tag and emits nothing", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  await expect(put(image, { imageTag: "dev-1" })).rejects.toMatchObject({
    name: "ImageAlreadyExistsException",
    message: `Image with digest '${image.manifest.digest}' and tag 'dev-1' already exists in the repository with name 'orderbook-api' in registry with id '111122223333'`,
  });
  await expect(put(image)).rejects.toMatchObject({ name: "ImageAlreadyExistsException" });
  expect(registry.events).toHaveLength(1);
});

it("refuses a digest that is not the manifest's", async () => {
  const image = anImage();
  await registry.push({ image });
  const wrong = put(image, { imageTag: "dev-1", imageDigest: digestOf(Buffer.from("else")) });
  await expect(wrong).rejects.toMatchObject({ name: "ImageDigestDoesNotMatchException" });
});

it("refuses a manifest whose layer has gone, though the image is still there", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  const layer = image.layers[0]?.digest ?? "";
  registry.ecr.dropLayer(repositoryName, layer);
  await expect(put(image, { imageTag: "prod-1" })).rejects.toMatchObject({
    name: "LayersNotFoundException",
    message: `Layers with digests '[${layer}]' required for pushing image into repository with name 'orderbook-api' in the registry with id '111122223333' do not exist`,
  });
});

it("refuses an index whose children are missing", async () => {
  const index = buildIndex([anImage(), armImage()], "oci");
  await registry.push({ image: index.images[0] ?? anImage() });
  const command = new PutImageCommand({
    repositoryName,
    imageManifest: index.manifest.bytes.toString(),
    imageTag: "dev-1",
  });
  await expect(registry.client.send(command)).rejects.toMatchObject({
    name: "ReferencedImagesNotFoundException",
    message: expect.stringContaining(`'[${index.images[1]?.manifest.digest}]'`),
  });
});

it("needs imageManifestMediaType for a manifest that does not name its own", async () => {
  const image = anImage();
  await registry.push({ image });
  const { mediaType, ...rest } = JSON.parse(image.manifest.bytes.toString()) as Record<
    string,
    unknown
  >;
  const imageManifest = JSON.stringify(rest);
  const unnamed = new PutImageCommand({ repositoryName, imageManifest });
  await expect(registry.client.send(unnamed)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  const named = new PutImageCommand({
    repositoryName,
    imageManifest,
    imageManifestMediaType: String(mediaType),
  });
  const { image: stored } = await registry.client.send(named);
  expect(stored?.imageId?.imageDigest).toBe(digestOf(Buffer.from(imageManifest)));
});

it.each([
  ["a manifest that is not JSON", { imageManifest: "{'schemaVersion'" }, "Invalid JSON syntax"],
  [
    "a manifest over 4 MiB",
    { imageManifest: `{"schemaVersion":2,"x":"${"a".repeat(4_194_304)}"}` },
    "less than or equal to 4194304",
  ],
  ["a tag outside the grammar", { imageTag: "-dev" }, "imageTag"],
  ["a tag of 129 characters", { imageTag: "a".repeat(129) }, "imageTag"],
])("refuses %s", async (_, input, text) => {
  await expect(put(anImage(), input)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: expect.stringContaining(text),
  });
});

it.each([
  ["a repository that does not exist", { repositoryName: "nowhere" }],
  ["the registry of another account", { registryId: "999999999999" }],
])("refuses %s", async (_, input) => {
  await expect(put(anImage(), input)).rejects.toMatchObject({
    name: "RepositoryNotFoundException",
  });
});

// Source: ECR user guide, "Amazon ECR service quotas".
it("holds at most 1,000 tags on an image", async () => {
  const image = anImage();
  await registry.push({ image });
  for (let tag = 0; tag < 1000; tag += 1) await put(image, { imageTag: `dev-${tag}` });
  await expect(put(image, { imageTag: "dev-1000" })).rejects.toMatchObject({
    name: "LimitExceededException",
  });
});

const wildcard = (filter: string) => [{ filterType: "WILDCARD" as const, filter }];
const setMode = (imageTagMutability: ImageTagMutability, filter?: string) =>
  registry.client.send(
    new PutImageTagMutabilityCommand({
      repositoryName,
      imageTagMutability,
      ...(filter !== undefined && { imageTagMutabilityExclusionFilters: wildcard(filter) }),
    }),
  );

describe("tag mutability", () => {
  // Source: ECR user guide, "Preventing image tags from being overwritten".
  it.each([
    ["MUTABLE", undefined, "prod-1", "moves"],
    ["IMMUTABLE", undefined, "prod-1", "ImageTagAlreadyExistsException"],
    ["IMMUTABLE_WITH_EXCLUSION", "prod*", "prod-1", "moves"],
    ["IMMUTABLE_WITH_EXCLUSION", "prod", "prod-1", "ImageTagAlreadyExistsException"],
    ["IMMUTABLE_WITH_EXCLUSION", "v1.*", "v1x2", "ImageTagAlreadyExistsException"],
    ["MUTABLE_WITH_EXCLUSION", "prod-*", "prod-1", "ImageTagAlreadyExistsException"],
    ["MUTABLE_WITH_EXCLUSION", "prod-*", "prod", "moves"],
    ["MUTABLE_WITH_EXCLUSION", "*-1", "prod-1", "ImageTagAlreadyExistsException"],
  ] as const)(
    "%s with the filter %s and the tag %s: %s",
    async (mode, filter, imageTag, outcome) => {
      const [old, fresh] = [anImage(), armImage()];
      await registry.push({ image: old, tag: imageTag });
      await registry.push({ image: fresh });
      await setMode(mode, filter);
      const attempt = put(fresh, { imageTag });
      expect(
        await attempt.then(
          () => "moves",
          (error: Error) => error.name,
        ),
      ).toBe(outcome);
    },
  );

  it.each([
    ["IMMUTABLE_WITH_EXCLUSION", undefined],
    ["IMMUTABLE", "prod*"],
    ["MUTABLE_WITH_EXCLUSION", "prod/*"],
  ] as const)("refuses the mode %s with the filter %s", async (mode, filter) => {
    await expect(setMode(mode, filter)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("refuses the same digest again with either conflict error", async () => {
    const image = anImage();
    await registry.push({ image, tag: "prod-1" });
    await setMode("IMMUTABLE");
    await expect(put(image, { imageTag: "prod-1" })).rejects.toMatchObject({
      name: "ImageTagAlreadyExistsException",
    });
    await registry.close();
    registry = await startRegistry({
      immutableRepeat: "ImageAlreadyExistsException",
      repositories: [{ name: repositoryName, imageTagMutability: "IMMUTABLE" }],
    });
    await registry.push({ image, tag: "prod-1" });
    await expect(put(image, { imageTag: "prod-1" })).rejects.toMatchObject({
      name: "ImageAlreadyExistsException",
    });
  });
});
