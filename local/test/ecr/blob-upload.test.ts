import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { digestOf } from "../../ecr/digest.ts";
import {
  anImage,
  authorization,
  errorOf,
  startRegistry,
  type TestRegistry,
} from "./start-registry.ts";

const uploads = "/v2/orderbook-api/blobs/uploads/";
const content = Buffer.from("0123456789abcdef");
const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

async function started(): Promise<string> {
  return (await registry.oci("POST", uploads)).headers.get("location") ?? "";
}

function chunk(location: string, first: number, last: number): Promise<Response> {
  const headers = {
    "content-range": `${first}-${last}`,
    "content-type": "application/octet-stream",
  };
  return registry.oci("PATCH", location, { headers, body: content.subarray(first, last + 1) });
}

// Headers: distribution-spec v1.1, "Pushing a blob in chunks". ECR's status is 201: regclient/regclient issue 81, openai/tart issue 273.
it("takes a blob in chunks and says how far it got", async () => {
  const location = await started();
  const ranges = [await chunk(location, 0, 5), await chunk(location, 6, 11)].map((answer) => [
    answer.status,
    answer.headers.get("range"),
  ]);
  expect(ranges).toEqual([
    [201, "0-5"],
    [201, "0-11"],
  ]);
  const last = { headers: { "content-range": "12-15" }, body: content.subarray(12) };
  expect((await registry.oci("PUT", `${location}?digest=${digest}`, last)).status).toBe(201);
  expect(
    (await registry.oci("HEAD", `/v2/orderbook-api/blobs/${digest}`)).headers.get("content-length"),
  ).toBe("16");
});

it.each([
  ["a gap", 8, 11],
  ["an overlap", 2, 5],
  ["a repeated chunk", 0, 3],
])("refuses %s with 416 and names the byte it holds", async (_, first, last) => {
  const location = await started();
  await chunk(location, 0, 3);
  const refused = await chunk(location, first, last);
  expect([refused.status, refused.headers.get("range"), refused.headers.get("location")]).toEqual([
    416,
    "0-3",
    location,
  ]);
});

it("refuses a chunk whose length is not what Content-Range says", async () => {
  const location = await started();
  const answer = await registry.oci("PATCH", location, {
    headers: { "content-range": "0-9" },
    body: "abc",
  });
  expect(answer.status).toBe(416);
});

it("lets an interrupted upload resume where its status says", async () => {
  const location = await started();
  await chunk(location, 0, 6);
  const status = await registry.oci("GET", location);
  expect([status.status, status.headers.get("range"), status.headers.get("location")]).toEqual([
    204,
    "0-6",
    location,
  ]);
  await chunk(location, 7, 15);
  expect((await registry.oci("PUT", `${location}?digest=${digest}`)).status).toBe(201);
});

it("forgets a cancelled upload", async () => {
  const location = await started();
  expect((await registry.oci("DELETE", location)).status).toBe(204);
  expect(await errorOf(await registry.oci("GET", location))).toMatchObject({
    status: 404,
    code: "BLOB_UPLOAD_UNKNOWN",
  });
});

it("knows an upload only in its own repository", async () => {
  const location = (await started()).replace("orderbook-api", "team/orderbook-ui");
  expect((await registry.oci("PATCH", location, { body: content })).status).toBe(404);
});

it("refuses a blob that is not what its digest says", async () => {
  const location = await started();
  const answer = await registry.oci("PUT", `${location}?digest=${digestOf(Buffer.from("else"))}`, {
    body: content,
  });
  expect(await errorOf(answer)).toMatchObject({ status: 400, code: "DIGEST_INVALID" });
});

it.each(["", "?digest=", "?digest=sha256:abc", "?digest=md5:0123"])(
  "refuses to complete an upload with the query '%s'",
  async (query) => {
    expect(
      (await registry.oci("PUT", `${await started()}${query}`, { body: content })).status,
    ).toBe(400);
  },
);

it("refuses an upload to a repository that does not exist", async () => {
  const answer = await registry.oci("POST", "/v2/nowhere/blobs/uploads/");
  expect(await errorOf(answer)).toEqual({
    status: 404,
    code: "NAME_UNKNOWN",
    message:
      "The repository with name 'nowhere' does not exist in the registry with id '111122223333'",
  });
});

it("takes a blob of tens of megabytes", async () => {
  const large = Buffer.alloc(40 * 1024 * 1024, 7);
  const answer = await registry.oci("POST", `${uploads}?digest=${digestOf(large)}`, {
    body: large,
  });
  expect(answer.status).toBe(201);
  expect(registry.ecr.storedBytes()).toBe(large.length);
});

it("stores the same blob once, however many repositories have it", async () => {
  for (const name of ["orderbook-api", "team/orderbook-ui"]) {
    await registry.oci("POST", `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: content });
  }
  expect(registry.ecr.storedBytes()).toBe(content.length);
});

// Source: ECR user guide, "Blob mounting"; distribution-spec, "Mounting a blob from another repository".
it.each([
  ["ENABLED", "team/orderbook-ui", 201, /\/blobs\/sha256:/, 200],
  ["ENABLED", "nowhere", 202, /\/blobs\/uploads\//, 404],
  ["DISABLED", "team/orderbook-ui", 202, /\/blobs\/uploads\//, 404],
] as const)(
  "with blob mounting %s answers a mount from %s with %i",
  async (blobMounting, from, status, location, found) => {
    await registry.close();
    registry = await startRegistry({ blobMounting });
    const image = anImage();
    await registry.push({ repository: "team/orderbook-ui", image, tag: "dev-1" });
    const layer = image.layers[0]?.digest ?? "";
    const answer = await registry.oci(
      "POST",
      `${uploads}?mount=${layer}&from=${encodeURIComponent(from)}`,
    );
    expect([answer.status, answer.headers.get("location")]).toEqual([
      status,
      expect.stringMatching(location),
    ]);
    expect((await registry.oci("HEAD", `/v2/orderbook-api/blobs/${layer}`)).status).toBe(found);
  },
);

// Source: aws/containers-roadmap issue 2860.
it("mounts no blob that no image of its repository needs", async () => {
  await registry.close();
  registry = await startRegistry({ blobMounting: "ENABLED" });
  await registry.oci("POST", `/v2/team/orderbook-ui/blobs/uploads/?digest=${digest}`, {
    body: content,
  });
  const answer = await registry.oci("POST", `${uploads}?mount=${digest}&from=team%2Forderbook-ui`);
  expect(answer.status).toBe(202);
  expect((await registry.oci("HEAD", `/v2/orderbook-api/blobs/${digest}`)).status).toBe(404);
});

it("redirects a blob to storage that answers without credentials, in ranges too", async () => {
  await registry.oci("POST", `${uploads}?digest=${digest}`, { body: content });
  const redirect = await registry.oci("GET", `/v2/orderbook-api/blobs/${digest}`);
  expect([redirect.status, redirect.headers.get("docker-content-digest")]).toEqual([307, digest]);
  const location = redirect.headers.get("location") ?? "";
  expect(await (await fetch(location)).text()).toBe(content.toString());
  const part = await fetch(location, { headers: { range: "bytes=4-7" } });
  expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
    206,
    "bytes 4-7/16",
    "4567",
  ]);
});

// RFC 9110, section 14.
it.each([
  ["bytes=12-", 206, "cdef"],
  ["bytes=-3", 206, "def"],
  ["bytes=14-99", 206, "ef"],
  ["bytes=16-20", 416, ""],
  ["chunks=0-1", 200, content.toString()],
])("answers the range %s with %i", async (range, status, text) => {
  await registry.oci("POST", `${uploads}?digest=${digest}`, { body: content });
  const headers = { authorization, range };
  const answer = await fetch(`${registry.origin}/v2/orderbook-api/blobs/${digest}`, { headers });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
});

it("answers BLOB_UNKNOWN for a blob of another repository", async () => {
  await registry.oci("POST", `${uploads}?digest=${digest}`, { body: content });
  const answer = await registry.oci("GET", `/v2/team/orderbook-ui/blobs/${digest}`);
  expect(await errorOf(answer)).toMatchObject({ status: 404, code: "BLOB_UNKNOWN" });
});

it("refuses an expired or forged download address as S3 does", async () => {
  await registry.oci("POST", `${uploads}?digest=${digest}`, { body: content });
  const location =
    (await registry.oci("GET", `/v2/orderbook-api/blobs/${digest}`)).headers.get("location") ?? "";
  const forged = await fetch(`${location.slice(0, -2)}xx`);
  registry.clock.advanceTo(registry.clock.now() + 60 * 60 * 1000);
  const expired = await fetch(location);
  expect([forged.status, expired.status]).toEqual([403, 403]);
  expect(await expired.text()).toContain("<Code>AccessDenied</Code>");
});
