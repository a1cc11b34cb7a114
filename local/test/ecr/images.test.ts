import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  paginateDescribeImages,
  paginateListImages,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIndex } from "../../ecr/builder/image-builder.ts";
import { digestOf } from "../../ecr/digest.ts";
import { mediaTypes } from "../../oci/media-types.ts";
import {
  anImage,
  armImage,
  detailsOf,
  errorOf,
  startRegistry,
  type TestRegistry,
} from "./start-registry.ts";

const repositoryName = "orderbook-api";
const [amd, arm] = [anImage(), armImage()];
const index = buildIndex([amd, arm], "oci");
const absent = digestOf(Buffer.from("absent"));

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
  await registry.push({ image: amd, tag: "dev-1" });
  await registry.push({ image: index, tag: "multi" });
  registry.events.length = 0;
});
afterEach(() => registry.close());

const get = (input: Omit<BatchGetImageCommand["input"], "repositoryName">) =>
  registry.client.send(new BatchGetImageCommand({ repositoryName, ...input }));
const describeImages = (input: Omit<DescribeImagesCommand["input"], "repositoryName"> = {}) =>
  registry.client.send(new DescribeImagesCommand({ repositoryName, ...input }));
const remove = (reference: string) =>
  registry.oci("DELETE", `/v2/${repositoryName}/manifests/${reference}`);

describe("BatchGetImage", () => {
  // Codes: service model, ImageFailureCode.
  it.each([
    [{ imageTag: "absent" }, "ImageNotFound"],
    [{ imageDigest: absent }, "ImageNotFound"],
    [{ imageDigest: arm.manifest.digest, imageTag: "dev-1" }, "ImageTagDoesNotMatchDigest"],
    [{ imageDigest: "latest" }, "InvalidImageDigest"],
    [{ imageTag: "no spaces" }, "InvalidImageTag"],
    [{}, "MissingDigestAndTag"],
  ])("reports %o as %s beside the images that it found", async (imageId, failureCode) => {
    const { images, failures } = await get({ imageIds: [imageId, { imageTag: "dev-1" }] });
    expect(failures).toMatchObject([{ imageId, failureCode }]);
    expect(images).toHaveLength(1);
  });

  it("gives an image once however often it is asked for in the same words", async () => {
    const { images } = await get({ imageIds: [{ imageTag: "dev-1" }, { imageTag: "dev-1" }] });
    expect(images).toHaveLength(1);
  });

  it("names the tag that was asked for, and by digest gives an entry for each tag", async () => {
    await registry.push({ image: amd, tag: "dev-2" });
    const byTag = await get({ imageIds: [{ imageTag: "dev-1" }] });
    const byDigest = await get({ imageIds: [{ imageDigest: amd.manifest.digest }] });
    expect(byTag.images?.map((image) => image.imageId?.imageTag)).toEqual(["dev-1"]);
    expect(byDigest.images?.map((image) => image.imageId?.imageTag)).toEqual(["dev-1", "dev-2"]);
  });

  // Source: ECR user guide, "Container image manifest format support".
  it.each([
    [
      "by tag translates for whoever accepts only the other format",
      { imageTag: "dev-1" },
      mediaTypes.dockerManifest,
      mediaTypes.dockerManifest,
    ],
    [
      "by tag leaves what is accepted",
      { imageTag: "dev-1" },
      mediaTypes.ociManifest,
      mediaTypes.ociManifest,
    ],
    [
      "by digest never translates",
      { imageDigest: amd.manifest.digest },
      mediaTypes.dockerManifest,
      mediaTypes.ociManifest,
    ],
    [
      "never translates an index",
      { imageTag: "multi" },
      mediaTypes.dockerManifest,
      mediaTypes.ociIndex,
    ],
  ])("%s", async (_, imageId, accepted, answered) => {
    const { images } = await get({ imageIds: [imageId], acceptedMediaTypes: [accepted] });
    expect(images?.[0]?.imageManifestMediaType).toBe(answered);
    const isExact =
      digestOf(Buffer.from(images?.[0]?.imageManifest ?? "")) === images?.[0]?.imageId?.imageDigest;
    expect(isExact).toBe(answered !== mediaTypes.dockerManifest);
  });

  it("cannot reach an archived image", async () => {
    registry.ecr.archive(repositoryName, amd.manifest.digest);
    expect((await get({ imageIds: [{ imageTag: "dev-1" }] })).failures).toMatchObject([
      { failureCode: "ImageInaccessible" },
    ]);
  });

  it.each([0, 101])("refuses %i ids", async (count) => {
    const imageIds = Array.from({ length: count }, (_, at) => ({ imageTag: `t${at}` }));
    await expect(get({ imageIds })).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("DescribeImages", () => {
  it("reports what ECR reports of an image", async () => {
    const { imageDetails } = await describeImages({ imageIds: [{ imageTag: "dev-1" }] });
    expect(imageDetails).toEqual([
      {
        registryId: "111122223333",
        repositoryName,
        imageDigest: amd.manifest.digest,
        imageTags: ["dev-1"],
        imageSizeInBytes: amd.layers[0]?.size,
        imagePushedAt: new Date("2026-01-05T09:00:00Z"),
        imageManifestMediaType: mediaTypes.ociManifest,
        artifactMediaType: mediaTypes.ociConfig,
        imageStatus: "ACTIVE",
      },
    ]);
  });

  it("gives an index the size of its largest image, and an untagged image no tags", async () => {
    const ids = [{ imageTag: "multi" }, { imageDigest: arm.manifest.digest }];
    const { imageDetails } = await describeImages({ imageIds: ids });
    const largest = Math.max(amd.layers[0]?.size ?? 0, arm.layers[0]?.size ?? 0);
    expect(imageDetails?.[0]).toMatchObject({
      imageSizeInBytes: largest,
      imageManifestMediaType: mediaTypes.ociIndex,
    });
    expect(imageDetails?.[1]).not.toHaveProperty("imageTags");
  });

  it("notes when an image was pulled", async () => {
    await registry.oci("GET", "/v2/orderbook-api/manifests/dev-1");
    const { imageDetails } = await describeImages({ imageIds: [{ imageTag: "dev-1" }] });
    expect(imageDetails?.[0]?.lastRecordedPullTime).toEqual(new Date("2026-01-05T09:00:00Z"));
  });

  it("throws when one of the images is missing", async () => {
    const attempt = describeImages({ imageIds: [{ imageTag: "dev-1" }, { imageTag: "absent" }] });
    await expect(attempt).rejects.toMatchObject({
      name: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'absent'} does not exist within the repository with name 'orderbook-api' in the registry with id '111122223333'",
    });
  });

  it("shows all images, and refuses by name to filter them by tag", async () => {
    const { imageDetails } = await describeImages({ filter: {} });
    expect(new Set(imageDetails?.map((image) => image.imageDigest))).toEqual(
      new Set([amd, arm, index].map((image) => image.manifest.digest)),
    );
    await expect(describeImages({ filter: { tagStatus: "TAGGED" } })).rejects.toThrow(
      "the local cloud does not support the filter tagStatus",
    );
  });

  it("shows archived images only to whoever asks for them", async () => {
    registry.ecr.archive(repositoryName, arm.manifest.digest);
    const filters = [
      {},
      { filter: { imageStatus: "ARCHIVED" } },
      { filter: { imageStatus: "ANY" } },
    ] as const;
    const answers = await Promise.all(filters.map(describeImages));
    expect(answers.map(({ imageDetails }) => imageDetails?.length)).toEqual([2, 1, 3]);
  });

  it("pages, and refuses pages together with ids", async () => {
    const pages = [];
    for await (const page of paginateDescribeImages(
      { client: registry.client, pageSize: 2 },
      { repositoryName },
    )) {
      pages.push(page.imageDetails?.length);
    }
    expect(pages).toEqual([2, 1]);
    const both = describeImages({ imageIds: [{ imageTag: "dev-1" }], maxResults: 1 });
    await expect(both).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(describeImages({ nextToken: "forged" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

describe("ListImages", () => {
  it("lists one entry a tag, and one for an image without tags", async () => {
    await registry.push({ image: amd, tag: "dev-2" });
    const { imageIds } = await registry.client.send(new ListImagesCommand({ repositoryName }));
    expect(new Set(imageIds?.map((id) => `${id.imageTag} ${id.imageDigest}`))).toEqual(
      new Set([
        `dev-1 ${amd.manifest.digest}`,
        `dev-2 ${amd.manifest.digest}`,
        `multi ${index.manifest.digest}`,
        `undefined ${arm.manifest.digest}`,
      ]),
    );
  });

  it("pages to the end", async () => {
    const ids = [];
    for await (const page of paginateListImages(
      { client: registry.client, pageSize: 1 },
      { repositoryName },
    )) {
      ids.push(...(page.imageIds ?? []));
    }
    expect(ids).toHaveLength(3);
  });
});

// Source: API reference, BatchDeleteImage.
describe("the deletion of an image", () => {
  it("takes one of two tags away and keeps the image", async () => {
    await registry.push({ image: amd, tag: "dev-2" });
    expect((await remove("dev-1")).status).toBe(202);
    expect(
      registry.ecr.images(repositoryName).find((image) => image.digest === amd.manifest.digest)
        ?.tags,
    ).toEqual(["dev-2"]);
  });

  it("deletes the image with its last tag", async () => {
    await remove("multi");
    expect(registry.ecr.images(repositoryName).map((image) => image.digest)).not.toContain(
      index.manifest.digest,
    );
    expect(detailsOf(registry.events, "ECR Image Action")).toMatchObject([
      { "action-type": "DELETE", "image-tag": "multi" },
    ]);
  });

  it.each([arm.manifest.digest, "dev-1"])(
    "does not happen to %s while an index needs it",
    async (reference) => {
      expect(await errorOf(await remove(reference))).toMatchObject({
        status: 400,
        message: `Requested image referenced by manifest list: [${index.manifest.digest}]`,
      });
      expect(registry.ecr.images(repositoryName)).toHaveLength(3);
    },
  );

  it("reports what does not exist", async () => {
    expect(await errorOf(await remove("absent"))).toMatchObject({
      status: 404,
      code: "MANIFEST_UNKNOWN",
    });
  });
});

it("lists referrers in pages of its own size", async () => {
  for (let at = 0; at < 21; at += 1) {
    await registry.push({
      image: anImage({
        files: { sig: `${at}` },
        subject: amd.manifest,
        artifactType: "application/sig",
      }),
    });
  }
  const subjectId = { imageDigest: amd.manifest.digest };
  const first = await registry.client.send(
    new ListImageReferrersCommand({ repositoryName, subjectId }),
  );
  const rest = await registry.client.send(
    new ListImageReferrersCommand({ repositoryName, subjectId, nextToken: first.nextToken }),
  );
  expect([first.referrers?.length, rest.referrers?.length, rest.nextToken]).toEqual([
    20,
    1,
    undefined,
  ]);
  expect(first.referrers?.[0]).toMatchObject({
    artifactType: "application/sig",
    mediaType: mediaTypes.ociManifest,
    artifactStatus: "ACTIVE",
  });
  const filter = { artifactTypes: ["application/other"] };
  await expect(
    registry.client.send(new ListImageReferrersCommand({ repositoryName, subjectId, filter })),
  ).rejects.toThrow("the local cloud does not support the filter of ListImageReferrers");
  const detail = await registry.client.send(
    new DescribeImagesCommand({
      repositoryName,
      imageIds: [{ imageDigest: first.referrers?.[0]?.digest }],
    }),
  );
  expect(detail.imageDetails?.[0]?.subjectManifestDigest).toBe(amd.manifest.digest);
});
