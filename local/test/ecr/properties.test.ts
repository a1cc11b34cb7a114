import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { answerBytes } from "../../ecr/answer-bytes.ts";
import { manifestForTag } from "../../ecr/convert-manifest.ts";
import { digestOf, isDigest } from "../../ecr/digest.ts";
import { parseManifest, requiredBlobs } from "../../ecr/manifest.ts";
import { page } from "../../ecr/page.ts";
import { isImmutableTag } from "../../ecr/tag-mutability.ts";
import { mediaTypes } from "../../oci/media-types.ts";
import { anImage, startRegistry } from "./start-registry.ts";

const contents = fc.record({
  files: fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), fc.string(), { minKeys: 1, maxKeys: 4 }),
  mediaTypes: fc.constantFrom("oci" as const, "docker" as const),
  labels: fc.dictionary(fc.stringMatching(/^[a-z.]{1,20}$/), fc.string(), { maxKeys: 3 }),
});

it("keeps every pushed manifest byte for byte under the digest of its bytes", async () => {
  const registry = await startRegistry();
  await fc.assert(
    fc.asyncProperty(
      contents,
      fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      async (given, chunkSize) => {
        const image = anImage(given);
        const digest = await registry.push({
          image,
          tag: "any",
          ...(chunkSize !== undefined && { chunkSize }),
        });
        const answer = await registry.oci("GET", `/v2/orderbook-api/manifests/${digest}`);
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect(`sha256:${createHash("sha256").update(bytes).digest("hex")}`).toBe(digest);
        expect(bytes).toEqual(image.manifest.bytes);
      },
    ),
    { numRuns: 25 },
  );
  await registry.close();
});

it("assembles the same blob however it is cut into chunks", async () => {
  const registry = await startRegistry();
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.array(fc.nat(300), { maxLength: 5 }),
      async (bytes, cuts) => {
        const edges = [
          0,
          ...new Set(cuts.filter((cut) => cut > 0 && cut < bytes.length).toSorted((a, b) => a - b)),
          bytes.length,
        ];
        const location =
          (await registry.oci("POST", "/v2/orderbook-api/blobs/uploads/")).headers.get(
            "location",
          ) ?? "";
        for (const [at, first] of edges.slice(0, -1).entries()) {
          const body = bytes.subarray(first, edges[at + 1]);
          const headers = { "content-range": `${first}-${first + body.length - 1}` };
          expect((await registry.oci("PATCH", location, { headers, body })).status).toBe(201);
        }
        const answer = await registry.oci("PUT", `${location}?digest=${digestOf(bytes)}`);
        expect(answer.status).toBe(201);
      },
    ),
    { numRuns: 25 },
  );
  await registry.close();
});

it("translates to the other format without touching config and layers, and back to the same facts", () => {
  fc.assert(
    fc.property(contents, (given) => {
      const { manifest: built } = anImage(given);
      const manifest = parseManifest(built.bytes, undefined);
      const image = {
        digest: built.digest,
        bytes: built.bytes,
        manifest,
        pushedAt: 0,
        status: "ACTIVE" as const,
      };
      const wanted =
        given.mediaTypes === "oci" ? mediaTypes.dockerManifest : mediaTypes.ociManifest;
      const there = manifestForTag(image, [wanted]);
      expect(requiredBlobs(parseManifest(there.bytes, wanted))).toEqual(requiredBlobs(manifest));
      const back = manifestForTag(
        { ...image, bytes: there.bytes, manifest: parseManifest(there.bytes, wanted) },
        [built.mediaType],
      );
      expect(JSON.parse(back.bytes.toString())).toEqual(JSON.parse(built.bytes.toString()));
    }),
  );
});

it("never lets a manifest through that JSON cannot parse", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(() => parseManifest(Buffer.from(bytes), mediaTypes.ociManifest)).toThrow(
        "failed to satisfy constraint",
      );
    }),
  );
});

it("gives digests that are digests", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(isDigest(digestOf(bytes))).toBe(true);
    }),
  );
});

it("pages through everything once, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 7 }), (all, maxResults) => {
      const seen: number[] = [];
      let nextToken: string | undefined;
      do {
        const part = page(all, { maxResults, nextToken }, 100);
        seen.push(...part.items);
        nextToken = part.nextToken;
      } while (nextToken !== undefined);
      expect(seen).toEqual(all);
    }),
  );
});

it("treats a tag under an exclusion the other way round", () => {
  const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/);
  fc.assert(
    fc.property(tag, fc.nat(20), (name, at) => {
      const exclusions = [`${name.slice(0, at)}*`];
      expect(isImmutableTag({ mode: "IMMUTABLE_WITH_EXCLUSION", exclusions }, name)).toBe(false);
      expect(isImmutableTag({ mode: "MUTABLE_WITH_EXCLUSION", exclusions }, name)).toBe(true);
    }),
  );
});

it("answers any satisfiable range with exactly those bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(), (bytes, from, length) => {
      const first = from % bytes.length;
      const last = Math.min(first + length, bytes.length - 1);
      const answer = answerBytes(
        { method: "GET", headers: { range: `bytes=${first}-${last}` } },
        Buffer.from(bytes),
        {},
      );
      expect(answer.status).toBe(206);
      expect(Buffer.from(answer.body ?? "")).toEqual(Buffer.from(bytes.subarray(first, last + 1)));
    }),
  );
});
