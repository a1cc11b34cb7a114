import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDigest, type Digest } from "../../src/domain/image/digest.ts";
import type { Mutability } from "../../src/domain/image/mutability.ts";
import { parseRepositoryName, type RepositoryName } from "../../src/domain/image/repository.ts";
import { parseTag, type Tag } from "../../src/domain/image/tag.ts";
import type { ImageRegistry } from "../../src/ports/image-registry.ts";

export interface PlacedImage {
  readonly digest: Digest;
  /** Configuration first, then the layers. */
  readonly blobs: readonly Digest[];
}

export interface ImageRegistryWorld {
  readonly registry: ImageRegistry;
  /** Epoch milliseconds: everything is pushed at this moment. */
  readonly now: number;
  addImage(
    repository: RepositoryName,
    contents: { readonly tag: Tag; readonly content: string },
  ): Promise<PlacedImage>;
  addIndex(
    repository: RepositoryName,
    contents: { readonly tag: Tag; readonly content: string },
  ): Promise<Digest>;
  setMutability(repository: RepositoryName, mutability: Mutability): void;
  archive(image: { readonly repository: RepositoryName; readonly digest: Digest }): void;
  dropLayer(repository: RepositoryName, layer: Digest): void;
  close(): Promise<void>;
}

const repository = parseRepositoryName("orderbook/api") as RepositoryName;
const other = parseRepositoryName("orderbook-ui") as RepositoryName;
const missing = parseDigest(`sha256:${"0".repeat(64)}`) as Digest;
const [dev, prod, absent] = ["dev-1.4.2", "prod-1.4.2", "nothing"].map((text) =>
  parseTag(text),
) as [Tag, Tag, Tag];

/**
 * What every image registry promises. The world starts with the repositories `orderbook/api` and
 * `orderbook-ui`, empty and mutable.
 */
export function imageRegistryContract(
  name: string,
  makeWorld: () => Promise<ImageRegistryWorld>,
): void {
  describe(`${name} as image registry`, () => {
    let world: ImageRegistryWorld;
    beforeEach(async () => void (world = await makeWorld()));
    afterEach(() => world.close());

    const place = (content = "one", tag = dev): Promise<PlacedImage> =>
      world.addImage(repository, { tag, content });
    const manifestOf = async (digest: Digest) => {
      const [manifest] = await world.registry.readManifests(repository, [digest]);
      if (!manifest) throw new Error(`${digest} was placed and cannot be read`);
      return manifest;
    };

    it("gives manifests by digest with their very bytes, and leaves missing ones out", async () => {
      const image = await place();
      const index = await world.addIndex(repository, { tag: prod, content: "two" });
      const manifests = await world.registry.readManifests(repository, [
        image.digest,
        missing,
        index,
      ]);
      expect(manifests.map(({ digest }) => digest)).toEqual([image.digest, index]);
      for (const { digest, text } of manifests) {
        expect(`sha256:${createHash("sha256").update(text).digest("hex")}`).toBe(digest);
      }
      expect(manifests.map(({ mediaType }) => mediaType)).toEqual([
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
      ]);
    });

    it("resolves the tags that exist and leaves the others out", async () => {
      const { digest } = await place();
      expect([...(await world.registry.resolveTags(repository, [dev, absent]))]).toEqual([
        [dev, digest],
      ]);
      expect([...(await world.registry.resolveTags(repository, []))]).toEqual([]);
    });

    it("reads manifest and tags in one look", async () => {
      const { digest } = await place();
      const elsewhere = await place("two", prod);
      const look = await world.registry.readImage({ repository, digest }, [prod, absent]);
      expect(look.manifest?.digest).toBe(digest);
      expect([...look.tags]).toEqual([[prod, elsewhere.digest]]);
      const nothing = await world.registry.readImage({ repository, digest: missing }, [absent]);
      expect(nothing).toEqual({ manifest: undefined, tags: new Map() });
    });

    it("describes an image with its tags and push time, and answers undefined for a missing one", async () => {
      const { digest } = await place();
      await world.registry.putTag(repository, prod, await manifestOf(digest));
      const record = await world.registry.describeImage({ repository, digest });
      expect(record && { ...record, tags: record.tags.toSorted() }).toEqual({
        digest,
        tags: [dev, prod],
        pushedAt: world.now,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        archived: false,
      });
      expect(await world.registry.describeImage({ repository, digest: missing })).toBeUndefined();
    });

    it("finds an archived image as archived, without its manifest", async () => {
      const { digest } = await place();
      world.archive({ repository, digest });
      expect((await world.registry.describeImage({ repository, digest }))?.archived).toBe(true);
      expect(await world.registry.readManifests(repository, [digest])).toEqual([]);
    });

    it("knows what a tag on an archived image points at, because the tag is taken", async () => {
      const { digest } = await place();
      world.archive({ repository, digest });
      expect([...(await world.registry.resolveTags(repository, [dev]))]).toEqual([[dev, digest]]);
    });

    it("reads the configuration of an image", async () => {
      const {
        blobs: [config],
      } = await place();
      const bytes = await world.registry.readBlob({ repository, digest: config as Digest });
      expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
        os: "linux",
        architecture: "amd64",
      });
    });

    it("says that an image is missing when its blob is gone", async () => {
      await place();
      await expect(world.registry.readBlob({ repository, digest: missing })).rejects.toMatchObject({
        name: "ImageMissing",
      });
    });

    it("names the layers that are not there", async () => {
      const { blobs } = await place();
      expect(await world.registry.missingLayers(repository, [...blobs, missing])).toEqual([
        missing,
      ]);
      expect(await world.registry.missingLayers(repository, [])).toEqual([]);
      world.dropLayer(repository, blobs[1] as Digest);
      expect(await world.registry.missingLayers(repository, blobs)).toEqual([blobs[1]]);
    });

    it("reports the mutability of several repositories at once", async () => {
      const mutability = { mode: "IMMUTABLE_WITH_EXCLUSION", exclusions: ["dev-*"] } as const;
      world.setMutability(repository, mutability);
      expect(await world.registry.mutability([repository, other])).toEqual(
        new Map<RepositoryName, Mutability>([
          [repository, mutability],
          [other, { mode: "MUTABLE", exclusions: [] }],
        ]),
      );
    });

    it.each(["MUTABLE", "IMMUTABLE"] as const)(
      "writes a tag once and then finds it there when tags are %s",
      async (mode) => {
        const { digest } = await place();
        world.setMutability(repository, { mode, exclusions: [] });
        const manifest = await manifestOf(digest);
        expect(await world.registry.putTag(repository, prod, manifest)).toBe("written");
        expect(await world.registry.putTag(repository, prod, manifest)).toBe("was-there");
        expect((await world.registry.resolveTags(repository, [prod])).get(prod)).toBe(digest);
      },
    );

    it("tags an index with its very bytes", async () => {
      const digest = await world.addIndex(repository, { tag: dev, content: "one" });
      expect(await world.registry.putTag(repository, prod, await manifestOf(digest))).toBe(
        "written",
      );
      expect((await world.registry.resolveTags(repository, [prod])).get(prod)).toBe(digest);
    });

    it("moves a tag that may be moved", async () => {
      const first = await place("one", prod);
      const second = await place("two", dev);
      expect(await world.registry.putTag(repository, prod, await manifestOf(second.digest))).toBe(
        "written",
      );
      expect((await world.registry.resolveTags(repository, [prod])).get(prod)).not.toBe(
        first.digest,
      );
    });

    it.each([
      { mode: "IMMUTABLE", exclusions: [] },
      { mode: "IMMUTABLE_WITH_EXCLUSION", exclusions: ["dev-*"] },
      { mode: "MUTABLE_WITH_EXCLUSION", exclusions: ["prod-*"] },
    ] as const)(
      "refuses to move a tag that may not be moved, with both digests: $mode",
      async (mutability) => {
        const first = await place("one", prod);
        const second = await place("two", dev);
        world.setMutability(repository, mutability);
        const moving = world.registry.putTag(repository, prod, await manifestOf(second.digest));
        await expect(moving).rejects.toMatchObject({
          name: "TagConflict",
          message: expect.stringMatching(new RegExp(`${second.digest}.*${first.digest}`)),
        });
        expect((await world.registry.resolveTags(repository, [prod])).get(prod)).toBe(first.digest);
      },
    );

    it("says that an image is missing when a layer of it is gone", async () => {
      const { digest, blobs } = await place();
      const manifest = await manifestOf(digest);
      world.dropLayer(repository, blobs[1] as Digest);
      await expect(world.registry.putTag(repository, prod, manifest)).rejects.toMatchObject({
        name: "ImageMissing",
      });
    });

    it("refuses a repository that does not exist", async () => {
      const unknown = parseRepositoryName("unknown") as RepositoryName;
      await expect(world.registry.resolveTags(unknown, [dev])).rejects.toMatchObject({
        name: "RegistryRefused",
      });
      await expect(world.registry.mutability([unknown])).rejects.toMatchObject({
        name: "RegistryRefused",
      });
    });
  });
}
