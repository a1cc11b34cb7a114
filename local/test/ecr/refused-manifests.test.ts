import { PutImageCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIndex } from "../../ecr/builder/image-builder.ts";
import { digestOf } from "../../ecr/digest.ts";
import { mediaTypes } from "../../oci/media-types.ts";
import { anImage, armImage, errorOf, startRegistry, type TestRegistry } from "./start-registry.ts";

const repositoryName = "orderbook-api";
const image = anImage();
const index = buildIndex([anImage(), armImage()], "oci");
const empty = digestOf(Buffer.from("{}"));

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.push({ image: index });
  const location =
    (await registry.oci("POST", "/v2/orderbook-api/blobs/uploads/")).headers.get("location") ?? "";
  await registry.oci("PUT", `${location}?digest=${empty}`, { body: "{}" });
});
afterAll(() => registry.close());

type Document = Readonly<Record<string, unknown>>;
/** With other values at these paths. */
const changed = (blob: { readonly bytes: Buffer }, changes: Document): string =>
  JSON.stringify(withChanges(JSON.parse(blob.bytes.toString()), Object.entries(changes)));
const withChanges = (
  value: unknown,
  changes: readonly (readonly [path: string, value: unknown])[],
): unknown => {
  const copy = (
    Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }
  ) as Record<string, unknown>;
  for (const [path, next] of changes) {
    const [key = "", ...below] = path.split("/");
    copy[key] = below.length === 0 ? next : withChanges(copy[key], [[below.join("/"), next]]);
  }
  return copy;
};
const subject = {
  mediaType: image.manifest.mediaType,
  digest: image.manifest.digest,
  size: image.manifest.size,
};
const emptyConfig = {
  mediaType: "application/vnd.oci.empty.v1+json",
  digest: empty,
  size: 2,
  data: "e30=",
};
/** Docker's documentation, "Attestation storage": an attestation as OCI artifact. */
const attestation = (about: object): Document => ({
  schemaVersion: 2,
  mediaType: mediaTypes.ociManifest,
  artifactType: "application/vnd.docker.attestation.manifest.v1+json",
  config: emptyConfig,
  layers: [
    { mediaType: mediaTypes.inToto, digest: image.layers[0]?.digest, size: image.layers[0]?.size },
  ],
  subject: about,
});

/** Reports that are named in local/ecr/refused-manifests.ts. */
const syntax = "Invalid JSON syntax";
const refused: readonly (readonly [string, string, string])[] = [
  [
    "an image without layers",
    changed(image.manifest, { layers: [] }),
    "Image has to have at least 1 layer",
  ],
  [
    "a platform with CPU features",
    changed(index.manifest, { "manifests/1/platform/features": ["sse4"] }),
    syntax,
  ],
  [
    "a platform with features of the operating system",
    changed(index.manifest, { "manifests/0/platform/os.features": ["nydus.remoteimage.v1"] }),
    syntax,
  ],
  [
    "annotations of the config",
    changed(image.manifest, { "config/annotations": { title: "config" } }),
    syntax,
  ],
  [
    "an attestation whose subject has a platform",
    JSON.stringify(attestation({ ...subject, platform: image.platform })),
    syntax,
  ],
  [
    "an artifact type with parameters",
    JSON.stringify({
      ...attestation(subject),
      artifactType: "application/vnd.dev.sigstore.bundle+json;version=0.2",
    }),
    syntax,
  ],
  [
    "a layer type with parameters",
    changed(image.manifest, { "layers/0/mediaType": "text/plain; charset=utf-8" }),
    syntax,
  ],
  ["a config that is none", changed(image.manifest, { config: 1 }), syntax],
];

describe.each(refused)("%s", (_, text, constraint) => {
  const mediaType = text.includes('"manifests"') ? mediaTypes.ociIndex : mediaTypes.ociManifest;
  const message = `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${constraint}'`;

  it("is refused by the distribution API with 405 UNSUPPORTED", async () => {
    const answer = await registry.oci("PUT", "/v2/orderbook-api/manifests/dev-1", {
      body: text,
      headers: { "content-type": mediaType },
    });
    expect(await errorOf(answer)).toEqual({ status: 405, code: "UNSUPPORTED", message });
  });

  it("is refused by PutImage with InvalidParameterException", async () => {
    const command = new PutImageCommand({
      repositoryName,
      imageManifest: text,
      imageManifestMediaType: mediaType,
      imageTag: "dev-1",
    });
    await expect(registry.client.send(command)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message,
    });
  });
});

it("refuses a manifest that is not UTF-8", async () => {
  const body = Buffer.from(changed(image.manifest, { annotations: { author: "\xe9" } }), "latin1");
  const answer = await registry.oci("PUT", "/v2/orderbook-api/manifests/dev-1", {
    body,
    headers: { "content-type": mediaTypes.ociManifest },
  });
  expect(await errorOf(answer)).toMatchObject({
    status: 405,
    code: "UNSUPPORTED",
    message: expect.stringContaining(syntax),
  });
});

it.each(["POST", "PUT"])("refuses an empty blob that comes with %s", async (method) => {
  const nothing = digestOf(Buffer.alloc(0));
  const start = "/v2/orderbook-api/blobs/uploads/";
  const location =
    method === "PUT" ? ((await registry.oci("POST", start)).headers.get("location") ?? "") : start;
  const error = await errorOf(await registry.oci(method, `${location}?digest=${nothing}`));
  expect(error).toEqual({
    status: 400,
    code: "BLOB_UPLOAD_INVALID",
    message: expect.stringMatching(
      /^The upload with id '[0-9a-f-]{36}' in the repository with name 'orderbook-api' in registry with id '111122223333' cannot be completed because it does not have any parts$/,
    ),
  });
});

describe("what was never reported as refused is accepted", () => {
  it.each<readonly [string, string]>([
    [
      "an attestation as OCI artifact whose subject has no platform",
      JSON.stringify(attestation(subject)),
    ],
    [
      "annotations of layers and of the manifest",
      changed(image.manifest, { annotations: { a: "b" }, "layers/0/annotations": { a: "b" } }),
    ],
    ["fields that are new", changed(image.manifest, { newUnspecifiedField: { deep: [1] } })],
    ["a key in another case, which the promoter refuses", changed(image.manifest, { Layers: [] })],
  ])("%s", async (_, body) => {
    const answer = await registry.oci("PUT", "/v2/orderbook-api/manifests/dev-2", {
      body,
      headers: { "content-type": mediaTypes.ociManifest },
    });
    expect(answer.status).toBe(201);
  });
});
