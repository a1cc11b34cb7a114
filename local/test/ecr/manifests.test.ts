import { afterEach, beforeEach, expect, it } from "vitest";
import { buildAttestation, buildIndex } from "../../ecr/builder/image-builder.ts";
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

const manifests = "/v2/orderbook-api/manifests";

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

it.each(["dev-1", "digest"])(
  "gives the very bytes by %s, and their facts to HEAD",
  async (reference) => {
    const image = anImage();
    await registry.push({ image, tag: "dev-1" });
    const path = `${manifests}/${reference === "digest" ? image.manifest.digest : reference}`;
    const [got, head] = [await registry.oci("GET", path), await registry.oci("HEAD", path)];
    expect(Buffer.from(await got.arrayBuffer())).toEqual(image.manifest.bytes);
    for (const answer of [got, head]) {
      expect([
        answer.status,
        answer.headers.get("content-type"),
        answer.headers.get("docker-content-digest"),
        answer.headers.get("content-length"),
      ]).toEqual([200, mediaTypes.ociManifest, image.manifest.digest, String(image.manifest.size)]);
    }
  },
);

// Source: ECR user guide, "Container image manifest format support".
it.each([
  ["oci", mediaTypes.dockerManifest, mediaTypes.dockerConfig],
  ["docker", mediaTypes.ociManifest, mediaTypes.ociConfig],
] as const)(
  "translates a stored %s manifest for a client that accepts only the other format, by tag",
  async (dialect, accept, config) => {
    const image = anImage({ mediaTypes: dialect });
    await registry.push({ image, tag: "dev-1" });
    const answer = await registry.oci("GET", `${manifests}/dev-1`, {
      headers: { accept: `${accept}, application/json;q=0.5` },
    });
    expect(answer.headers.get("content-type")).toBe(accept);
    expect(await answer.json()).toMatchObject({
      mediaType: accept,
      config: { mediaType: config, digest: image.config.digest },
    });
  },
);

it("never translates by digest", async () => {
  const image = anImage();
  await registry.push({ image });
  const headers = { accept: mediaTypes.dockerManifest };
  const answer = await registry.oci("GET", `${manifests}/${image.manifest.digest}`, { headers });
  expect(answer.headers.get("content-type")).toBe(mediaTypes.ociManifest);
});

it("takes an index after its children and announces every manifest, the untagged with an empty tag", async () => {
  const [amd, arm] = [anImage(), armImage()];
  const index = buildIndex([amd, arm, buildAttestation(amd)], "oci");
  await registry.push({ image: index, tag: "dev-1" });
  const pushes = detailsOf(registry.events, "ECR Image Action");
  expect(
    pushes.map((push) => [push["image-digest"], push["image-tag"], push["manifest-media-type"]]),
  ).toEqual([
    ...index.images.map((image) => [image.manifest.digest, "", mediaTypes.ociManifest]),
    [index.manifest.digest, "dev-1", mediaTypes.ociIndex],
  ]);
  expect(pushes.at(-1)).not.toHaveProperty("artifact-media-type");
});

// Text: int128/docker-manifest-create-action pull request 63.
it("refuses an index before its children", async () => {
  const index = buildIndex([anImage(), armImage()], "docker");
  const headers = { "content-type": mediaTypes.dockerList };
  const answer = await registry.oci("PUT", `${manifests}/dev-1`, {
    headers,
    body: index.manifest.bytes,
  });
  const digests = index.images.map((image) => image.manifest.digest).join(", ");
  expect(await errorOf(answer)).toEqual({
    status: 404,
    code: "MANIFEST_BLOB_UNKNOWN",
    message: `Images with digests '[${digests}]' required for pushing image into repository with name 'orderbook-api' in the registry with id '111122223333' do not exist`,
  });
  expect(registry.events).toEqual([]);
});

// Text: oras-project/oras-py issue 54.
it("refuses a manifest whose blobs are only in another repository", async () => {
  const image = anImage();
  await registry.push({ image, repository: "team/orderbook-ui", tag: "dev-1" });
  const headers = { "content-type": mediaTypes.ociManifest };
  const answer = await registry.oci("PUT", `${manifests}/dev-1`, {
    headers,
    body: image.manifest.bytes,
  });
  expect(await errorOf(answer)).toEqual({
    status: 404,
    code: "BLOB_UPLOAD_UNKNOWN",
    message: `Layers with digests '[${image.config.digest}, ${image.layers[0]?.digest}]' required for pushing image into repository with name 'orderbook-api' in the registry with id '111122223333' do not exist`,
  });
});

// Text: google/go-containerregistry issue 1568.
it("refuses a manifest under a digest that is not its own", async () => {
  const image = anImage();
  await registry.push({ image });
  const other = digestOf(Buffer.from("other"));
  const answer = await registry.oci("PUT", `${manifests}/${other}`, {
    body: image.manifest.bytes,
    headers: { "content-type": mediaTypes.ociManifest },
  });
  expect(await errorOf(answer)).toEqual({
    status: 400,
    code: "MANIFEST_INVALID",
    message: `The image with digest '${other}' in repository 'orderbook-api' and registry ID '111122223333' does not match the image digest that Amazon ECR has calculated.`,
  });
});

it.each([
  ["text that is not JSON", "{not json", mediaTypes.ociManifest],
  [
    "a manifest without a config",
    JSON.stringify({
      schemaVersion: 2,
      layers: [{ mediaType: mediaTypes.ociLayer, digest: digestOf(Buffer.from("1")), size: 1 }],
    }),
    mediaTypes.ociManifest,
  ],
  ["an unknown media type", JSON.stringify({ schemaVersion: 2 }), "application/json"],
  [
    "a Content-Type that contradicts the manifest",
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }),
    mediaTypes.ociManifest,
  ],
])("refuses %s as an invalid manifest", async (_, body, type) => {
  const answer = await registry.oci("PUT", `${manifests}/dev-1`, {
    body,
    headers: { "content-type": type },
  });
  expect(await errorOf(answer)).toMatchObject({ status: 405, code: "UNSUPPORTED" });
});

// Text: osscontainertools/kaniko pull request 204.
it("refuses to move an immutable tag", async () => {
  await registry.push({ image: anImage(), tag: "prod-1" });
  registry.ecr.setMutability("orderbook-api", { mode: "IMMUTABLE", exclusions: [] });
  const image = armImage();
  await registry.push({ image });
  const answer = await registry.oci("PUT", `${manifests}/prod-1`, {
    headers: { "content-type": mediaTypes.ociManifest },
    body: image.manifest.bytes,
  });
  expect(await errorOf(answer)).toEqual({
    status: 400,
    code: "TAG_INVALID",
    message:
      "The image tag 'prod-1' already exists in the 'orderbook-api' repository and cannot be overwritten because the tag is immutable.",
  });
});

// Both answers are reported: aws/containers-roadmap issue 2179, aws/aws-sdk issue 750.
it.each([
  ["ImageTagAlreadyExistsException", 400],
  ["ImageAlreadyExistsException", 201],
] as const)(
  "answers the same digest under an immutable tag with %s, that is %s",
  async (immutableRepeat, status) => {
    await registry.close();
    registry = await startRegistry({
      immutableRepeat,
      repositories: [{ name: "orderbook-api", imageTagMutability: "IMMUTABLE" }],
    });
    const image = anImage();
    await registry.push({ image, tag: "prod-1" });
    const again = await registry.oci("PUT", `${manifests}/prod-1`, {
      headers: { "content-type": mediaTypes.ociManifest },
      body: image.manifest.bytes,
    });
    expect(again.status).toBe(status);
    expect(registry.events).toHaveLength(1);
  },
);

it("moves a mutable tag and leaves the old image untagged", async () => {
  const [old, fresh] = [anImage(), armImage()];
  await registry.push({ image: old, tag: "latest" });
  await registry.push({ image: fresh, tag: "latest" });
  const tags = new Map(
    registry.ecr.images("orderbook-api").map((image) => [image.digest, image.tags]),
  );
  expect([tags.get(old.manifest.digest), tags.get(fresh.manifest.digest)]).toEqual([
    [],
    ["latest"],
  ]);
});

it("emits nothing for a push that changes nothing", async () => {
  await registry.push({ image: anImage(), tag: "dev-1" });
  await registry.push({ image: anImage(), tag: "dev-1" });
  expect(registry.events).toHaveLength(1);
});

it.each(["absent", digestOf(Buffer.from("absent"))])(
  "answers MANIFEST_UNKNOWN for %s",
  async (reference) => {
    expect(await errorOf(await registry.oci("GET", `${manifests}/${reference}`))).toMatchObject({
      status: 404,
      code: "MANIFEST_UNKNOWN",
    });
  },
);

it("hides an archived image", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  registry.ecr.archive("orderbook-api", image.manifest.digest);
  expect((await registry.oci("GET", `${manifests}/dev-1`)).status).toBe(404);
  const changes = registry.events.slice(1).map((event) => event.detail);
  expect(
    changes.map((change) => [
      change["action-type"],
      change["target-storage-class"],
      "image-tag" in change,
    ]),
  ).toEqual([["UPDATE_STORAGE_CLASS", "ARCHIVE", false]]);
});

it("deletes by digest and announces every tag", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  await registry.push({ image, tag: "dev-2" });
  expect((await registry.oci("DELETE", `${manifests}/${image.manifest.digest}`)).status).toBe(202);
  const deletes = detailsOf(registry.events, "ECR Image Action").filter(
    (detail) => detail["action-type"] === "DELETE",
  );
  expect(deletes.map((detail) => detail["image-tag"])).toEqual(["dev-1", "dev-2"]);
  expect(registry.ecr.storedBytes()).toBe(0);
});
