import { createHash } from "node:crypto";
import { ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, describe, expect, it } from "vitest";
import { ecrImageRegistry } from "../../../../src/adapters/ecr/image-registry.ts";
import type { PromoterError } from "../../../../src/domain/errors.ts";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import type { Tag } from "../../../../src/domain/image/tag.ts";
import {
  clientOptions,
  exception,
  inTurn,
  json,
  scriptedService,
  type Script,
} from "./scripted-service.ts";

const digestOf = (text: string) =>
  `sha256:${createHash("sha256").update(text).digest("hex")}` as Digest;
const repository = "orderbook-api" as RepositoryName;
const tag = "prod-1.4.2" as Tag;
const text = '{"schemaVersion":2,\n "config": {}}';
const mediaType = "application/vnd.oci.image.manifest.v1+json";
const manifest = { digest: digestOf(text), mediaType, text };
const otherDigest = digestOf("other");

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function registryThat(script: Script) {
  const server = await scriptedService(script);
  const client = new ECRClient({ ...clientOptions, endpoint: server.origin });
  closing.push(async () => {
    client.destroy();
    await server.close();
  });
  const sent = (index: number): unknown =>
    JSON.parse(server.requests[index]?.body.toString() ?? "null");
  return {
    registry: ecrImageRegistry({ client, registryId: "111122223333", fetch }),
    server,
    sent,
  };
}

const held = (digest: string) =>
  json({
    images: [
      {
        imageId: { imageDigest: digest, imageTag: tag },
        imageManifest: text,
        imageManifestMediaType: mediaType,
      },
    ],
    failures: [],
  });

const answered = (imageDigest?: string) =>
  json({ image: { imageId: { imageTag: tag, ...(imageDigest && { imageDigest }) } } });

describe("putting a tag", () => {
  it("takes one call, with media type and digest, that answers with the digest", async () => {
    const { registry, server, sent } = await registryThat(() => answered(manifest.digest));
    expect(await registry.putTag(repository, tag, manifest)).toBe("written");
    expect(server.operations()).toEqual(["PutImage"]);
    expect(sent(0)).toEqual({
      registryId: "111122223333",
      repositoryName: repository,
      imageTag: tag,
      imageManifest: text,
      imageManifestMediaType: mediaType,
      imageDigest: manifest.digest,
    });
  });

  // Either exception for either case: aws/containers-roadmap issues 2179 and 2380, aws/aws-sdk issue 750.
  it.each(["ImageAlreadyExistsException", "ImageTagAlreadyExistsException"])(
    "compares digests after %s",
    async (name) => {
      const same = await registryThat(inTurn(exception(name), held(manifest.digest)));
      expect(await same.registry.putTag(repository, tag, manifest)).toBe("was-there");
      const different = await registryThat(inTurn(exception(name), held(otherDigest)));
      await expect(different.registry.putTag(repository, tag, manifest)).rejects.toMatchObject({
        name: "TagConflict",
        details: { expected: manifest.digest, got: otherDigest },
      });
    },
  );

  it.each([
    ["another digest", otherDigest],
    ["none", undefined],
  ])("looks at the tag when the answer has %s", async (_, digest) => {
    const right = await registryThat(inTurn(answered(digest), held(manifest.digest)));
    expect(await right.registry.putTag(repository, tag, manifest)).toBe("written");
    expect(right.server.operations()).toEqual(["PutImage", "BatchGetImage"]);
    const wrong = await registryThat(inTurn(answered(digest), held(otherDigest)));
    await expect(wrong.registry.putTag(repository, tag, manifest)).rejects.toMatchObject({
      name: "TagConflict",
    });
  });

  it("asks for another try when the tag that was in the way is gone", async () => {
    const gone = json({
      images: [],
      failures: [{ imageId: { imageTag: tag }, failureCode: "ImageNotFound" }],
    });
    const { registry } = await registryThat(
      inTurn(exception("ImageTagAlreadyExistsException"), gone),
    );
    await expect(registry.putTag(repository, tag, manifest)).rejects.toMatchObject({
      name: "RegistryUnavailable",
      retryable: true,
    });
  });

  // ECR API reference, PutImage: layers must be in this repository, and so must the images of an index.
  it.each(["LayersNotFoundException", "ReferencedImagesNotFoundException"])(
    "says that the image is missing after %s",
    async (name) => {
      const { registry } = await registryThat(() => exception(name));
      await expect(registry.putTag(repository, tag, manifest)).rejects.toMatchObject({
        name: "ImageMissing",
      });
    },
  );
});

describe("an error of ECR", () => {
  // Names that are in no model: AWS SDKs reference guide, "Retry behavior"; facts of the ECR API reference for the others.
  it.each([
    ["ThrottlingException", 400, "RegistryUnavailable"],
    ["TooManyRequestsException", 429, "RegistryUnavailable"],
    ["ServerException", 500, "RegistryUnavailable"],
    ["SomethingNew", 503, "RegistryUnavailable"],
    ["SomethingNew", 400, "RegistryRefused"],
    ["AccessDeniedException", 400, "RegistryRefused"],
    ["RepositoryNotFoundException", 400, "RegistryRefused"],
    ["InvalidParameterException", 400, "RegistryRefused"],
    ["ExpiredTokenException", 403, "RegistryRefused"],
  ])("%s with HTTP %i is called %s, with what we were doing", async (name, status, expected) => {
    const { registry } = await registryThat(() => exception(name, "because", status));
    await expect(registry.resolveTags(repository, [tag])).rejects.toMatchObject({
      name: expected,
      message: expect.stringMatching(/reading orderbook-api.*prod-1\.4\.2.*because; .+/),
    });
  });

  it("that only its message shows as throttling can be retried", async () => {
    const { registry } = await registryThat(() => exception("ClientException", "Rate exceeded"));
    await expect(registry.describeImage({ repository, digest: otherDigest })).rejects.toMatchObject(
      { name: "RegistryUnavailable" },
    );
  });

  it.each([
    ["ThrottlingException", 400, true],
    ["TooManyRequestsException", 429, true],
    ["SomethingNew", 429, true],
    ["ServerException", 500, undefined],
  ])("%s with HTTP %i asks to be slower: %s", async (name, status, throttled) => {
    const { registry } = await registryThat(() => exception(name, "because", status));
    const error: unknown = await registry
      .putTag(repository, tag, manifest)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "RegistryUnavailable" });
    expect((error as PromoterError).details["throttled"]).toBe(throttled);
  });

  it("names the action that the role lacks", async () => {
    const { registry } = await registryThat(() => exception("AccessDeniedException"));
    await expect(registry.putTag(repository, tag, manifest)).rejects.toThrow("allow ecr:PutImage");
  });

  it("is distinguished from a broken connection, which can be retried", async () => {
    const { registry } = await registryThat(() => "drop");
    await expect(registry.mutability([repository])).rejects.toMatchObject({
      name: "RegistryUnavailable",
    });
  });
});

describe("reading images", () => {
  it("asks with all four media types, so that ECR converts nothing", async () => {
    const { registry, sent } = await registryThat(() => json({ images: [], failures: [] }));
    await registry.readManifests(repository, [manifest.digest]);
    expect(sent(0)).toMatchObject({
      acceptedMediaTypes: [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
      ],
    });
  });

  it("takes one call for manifest and tags", async () => {
    const { registry, server } = await registryThat(() => held(manifest.digest));
    await registry.readImage({ repository, digest: manifest.digest }, [tag]);
    expect(server.operations()).toEqual(["BatchGetImage"]);
  });

  it("asks for 100 tags at a time, the most that ECR takes", async () => {
    const { registry, server } = await registryThat(() => json({ images: [], failures: [] }));
    await registry.resolveTags(
      repository,
      Array.from({ length: 201 }, (_, at) => `v${at}` as Tag),
    );
    expect(server.operations()).toHaveLength(3);
  });

  it("refuses bytes that do not hash to their digest", async () => {
    const images = [
      {
        imageId: { imageDigest: otherDigest },
        imageManifest: text,
        imageManifestMediaType: mediaType,
      },
    ];
    const { registry } = await registryThat(() => json({ images }));
    await expect(registry.readManifests(repository, [otherDigest])).rejects.toMatchObject({
      name: "RegistryRefused",
      details: { got: manifest.digest },
    });
  });

  // ECR API reference, ImageFailure.
  it.each([
    ["UpstreamUnavailable", "RegistryUnavailable"],
    ["UpstreamTooManyRequests", "RegistryUnavailable"],
    ["KmsError", "RegistryRefused"],
    ["UpstreamAccessDenied", "RegistryRefused"],
  ])("never takes the failure %s for a missing image", async (failureCode, expected) => {
    const { registry } = await registryThat(() =>
      json({ images: [], failures: [{ imageId: { imageTag: tag }, failureCode }] }),
    );
    await expect(registry.resolveTags(repository, [tag])).rejects.toMatchObject({ name: expected });
  });

  it("asks about images of every status", async () => {
    const { registry, sent } = await registryThat(() => exception("ImageNotFoundException"));
    expect(await registry.describeImage({ repository, digest: otherDigest })).toBeUndefined();
    expect(sent(0)).toMatchObject({ filter: { imageStatus: "ANY" } });
  });

  it("counts an image that is being restored as archived", async () => {
    const detail = {
      imageDigest: otherDigest,
      imagePushedAt: 1_767_603_600,
      imageStatus: "ACTIVATING",
      imageManifestMediaType: mediaType,
    };
    const { registry } = await registryThat(() => json({ imageDetails: [detail] }));
    expect(await registry.describeImage({ repository, digest: otherDigest })).toMatchObject({
      archived: true,
      pushedAt: 1_767_603_600_000,
    });
  });

  it("makes up no push time", async () => {
    const { registry } = await registryThat(() =>
      json({ imageDetails: [{ imageDigest: otherDigest }] }),
    );
    await expect(registry.describeImage({ repository, digest: otherDigest })).rejects.toMatchObject(
      { name: "RegistryRefused" },
    );
  });
});

describe("the mutability of repositories", () => {
  it("is asked for 100 repositories at a time", async () => {
    const { registry, server } = await registryThat(() => json({ repositories: [] }));
    await registry.mutability(
      Array.from({ length: 101 }, (_, at) => `service-${at}` as RepositoryName),
    );
    expect(server.operations()).toEqual(["DescribeRepositories", "DescribeRepositories"]);
  });

  it("is refused when ECR has a mode that we do not know", async () => {
    const { registry } = await registryThat(() =>
      json({ repositories: [{ repositoryName: repository, imageTagMutability: "SOMETIMES" }] }),
    );
    await expect(registry.mutability([repository])).rejects.toMatchObject({
      name: "RegistryRefused",
    });
  });
});

/** ECR points to a storage on the same server. */
const storing =
  (storage: Script): Script =>
  (request) =>
    request.path === "/storage"
      ? storage(request)
      : json({ downloadUrl: `http://${request.headers["host"]}/storage?secret` });

/** What fetch does when its signal has timed out. */
const late = async (): Promise<Response> => {
  throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
};

describe("reading a blob", () => {
  const blob = { repository, digest: digestOf("{}") };

  it("sends no credentials to the storage", async () => {
    const { registry, server } = await registryThat(storing(() => ({ status: 200, body: "{}" })));
    expect(Buffer.from(await registry.readBlob(blob)).toString()).toBe("{}");
    expect(server.requests[1]?.headers["authorization"]).toBeUndefined();
  });

  it.each([
    [404, "ImageMissing"],
    [403, "RegistryRefused"],
    [503, "RegistryUnavailable"],
  ])("calls HTTP %i of the storage %s, without the address", async (status, name) => {
    const { registry } = await registryThat(storing(() => ({ status })));
    const error: unknown = await registry.readBlob(blob).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name });
    expect(JSON.stringify(error) + String(error)).not.toContain("secret");
  });

  it("refuses bytes of another digest", async () => {
    const { registry } = await registryThat(storing(() => ({ status: 200, body: "{ }" })));
    await expect(registry.readBlob(blob)).rejects.toMatchObject({ name: "RegistryRefused" });
  });

  it("refuses more than 4 MiB", async () => {
    const { registry } = await registryThat(
      storing(() => ({ status: 200, body: Buffer.alloc(4 * 1024 * 1024 + 1) })),
    );
    await expect(registry.readBlob(blob)).rejects.toThrow("more than 4 MiB");
  });

  it("can be retried when the connection breaks", async () => {
    const { registry } = await registryThat(storing(() => "drop"));
    await expect(registry.readBlob(blob)).rejects.toMatchObject({ name: "RegistryUnavailable" });
  });

  it("can be retried when the storage keeps us waiting", async () => {
    const server = await scriptedService(() =>
      json({ downloadUrl: "https://storage.example/blob" }),
    );
    const client = new ECRClient({ ...clientOptions, endpoint: server.origin });
    closing.push(() => server.close());
    const registry = ecrImageRegistry({ client, registryId: "111122223333", fetch: late });
    await expect(registry.readBlob(blob)).rejects.toMatchObject({ name: "RegistryUnavailable" });
  });

  // ECR API reference, GetDownloadUrlForLayer.
  it.each(["LayersNotFoundException", "LayerInaccessibleException"])(
    "says that the image is missing after %s",
    async (name) => {
      const { registry } = await registryThat(() => exception(name));
      await expect(registry.readBlob(blob)).rejects.toMatchObject({ name: "ImageMissing" });
    },
  );
});
