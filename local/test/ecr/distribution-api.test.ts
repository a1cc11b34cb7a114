import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mediaTypes } from "../../oci/media-types.ts";
import { anImage, detailsOf, errorOf, startRegistry, type TestRegistry } from "./start-registry.ts";

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const basic = (text: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(text).toString("base64")}`,
});
const hours = 60 * 60 * 1000;

async function issuedToken(): Promise<string> {
  const { authorizationData } = await registry.client.send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken ?? "";
}

// Source: API reference, GetAuthorizationToken: base64 of `AWS:password`, valid for 12 hours.
it("lets in whoever brings a token, until it expires", async () => {
  const token = await issuedToken();
  const headers = { authorization: `Basic ${token}` };
  expect(Buffer.from(token, "base64").toString()).toMatch(/^AWS:.+$/);
  registry.clock.advanceTo(registry.clock.now() + 12 * hours - 1);
  expect((await registry.oci("GET", "/v2/", { headers })).status).toBe(200);
  registry.clock.advanceTo(registry.clock.now() + 1);
  expect(await errorOf(await registry.oci("GET", "/v2/", { headers }))).toEqual({
    status: 403,
    code: "DENIED",
    message: "Your authorization token has expired. Reauthenticate and try again.",
  });
});

it.each(["AWS:guess", "AWS:", "local:wrong", "root:for-tests", "nothing"])(
  "challenges the login %s",
  async (login) => {
    const answer = await registry.oci("GET", "/v2/orderbook-api/tags/list", {
      headers: basic(login),
    });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
      401,
      `Basic realm="${registry.origin}/",service="ecr.amazonaws.com"`,
    ]);
  },
);

it("refuses the token of another registry", async () => {
  const other = await startRegistry();
  const token = await issuedToken();
  const answer = await other.oci("GET", "/v2/", { headers: { authorization: `Basic ${token}` } });
  await other.close();
  expect(answer.status).toBe(401);
});

it("requires no login where so configured", async () => {
  await registry.close();
  registry = await startRegistry({ anonymous: true });
  expect((await fetch(`${registry.origin}/v2/`)).status).toBe(200);
});

// Source: distribution-spec v1.1, "Listing tags".
it("lists tags sorted, in pages that a Link header chains", async () => {
  for (const tag of ["c", "a", "b"]) await registry.push({ image: anImage(), tag });
  const first = await registry.oci("GET", "/v2/orderbook-api/tags/list?n=2");
  expect(await first.json()).toEqual({ name: "orderbook-api", tags: ["a", "b"] });
  const link = /^<(.+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const second = await registry.oci("GET", link);
  expect(await second.json()).toEqual({ name: "orderbook-api", tags: ["c"] });
  expect(second.headers.get("link")).toBeNull();
});

// Answered by ECR: google/go-containerregistry issue 1091.
it("lists repositories, in pages that a Link header chains", async () => {
  const first = await registry.oci("GET", "/v2/_catalog?n=1");
  expect(await first.json()).toEqual({ repositories: ["orderbook-api"] });
  const link = /^<(.+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2\/_catalog\?/);
  const second = await registry.oci("GET", link);
  expect(await second.json()).toEqual({ repositories: ["team/orderbook-ui"] });
  expect(second.headers.get("link")).toBeNull();
});

// Source: docker-archive/migrator issue 96; API reference, ListImages.maxResults.
it("lists 100 tags a page unless asked for more", async () => {
  const image = anImage();
  for (let at = 0; at < 101; at += 1) await registry.push({ image, tag: `dev-${at}` });
  const sizes = ["", "?n=1000"].map(async (query) => {
    const { tags } = (await (
      await registry.oci("GET", `/v2/orderbook-api/tags/list${query}`)
    ).json()) as { tags: string[] };
    return tags.length;
  });
  expect(await Promise.all(sizes)).toEqual([100, 101]);
});

// Texts and code of the first: google/go-containerregistry issues 681 and 1091.
it.each([
  ["/v2/orderbook-api/tags/list?n=10000", "less than or equal to 1000"],
  ["/v2/_catalog?n=10000", "less than or equal to 1000"],
  ["/v2/_catalog?n=0", "greater than or equal to 1"],
])("refuses the page size of %s", async (path, bound) => {
  const message = `Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value ${bound}'`;
  expect(await errorOf(await registry.oci("GET", path))).toEqual({
    status: 405,
    code: "UNSUPPORTED",
    message,
  });
});

it("keeps referrers of a digest and announces them as such", async () => {
  const image = anImage();
  await registry.push({ image, tag: "dev-1" });
  const signature = anImage({
    files: { sig: "MEUC" },
    subject: image.manifest,
    artifactType: "application/vnd.example.signature",
  });
  await registry.push({ image: signature });
  const list = `/v2/orderbook-api/referrers/${image.manifest.digest}`;
  const descriptor = {
    mediaType: mediaTypes.ociManifest,
    size: signature.manifest.size,
    digest: signature.manifest.digest,
    artifactType: "application/vnd.example.signature",
  };
  expect(await (await registry.oci("GET", list)).json()).toMatchObject({ manifests: [descriptor] });
  const filtered = await registry.oci("GET", `${list}?artifactType=application/other`);
  expect(filtered.headers.get("oci-filters-applied")).toBe("artifactType");
  expect(await filtered.json()).toMatchObject({ mediaType: mediaTypes.ociIndex, manifests: [] });
  expect(detailsOf(registry.events, "ECR Referrer Action")).toMatchObject([
    { "action-type": "PUSH", "image-digest": signature.manifest.digest },
  ]);
});

it("names the subject of a pushed referrer", async () => {
  const image = anImage();
  const signature = anImage({ subject: image.manifest });
  await registry.push({ image: signature });
  const path = `/v2/orderbook-api/manifests/${signature.manifest.digest}`;
  const answer = await registry.oci("PUT", path, {
    headers: { "content-type": mediaTypes.ociManifest },
    body: signature.manifest.bytes,
  });
  expect(answer.headers.get("oci-subject")).toBe(image.manifest.digest);
});

it.each([
  ["POST", "/v2/_catalog", 405],
  ["GET", "/v2/orderbook-api", 404],
  ["GET", "/v2/orderbook-api/tags/other", 404],
  ["GET", "/v2/%zz/tags/list", 404],
  ["POST", "/v2/orderbook-api/manifests/dev-1", 405],
  ["DELETE", `/v2/orderbook-api/blobs/sha256:${"0".repeat(64)}`, 405],
  ["GET", "/v2/orderbook-api/blobs/uploads/", 405],
  ["PUT", "/v2/orderbook-api/tags/list", 405],
  ["GET", "/v2/orderbook-api/referrers/latest", 400],
])("answers %s %s with %i", async (method, path, status) => {
  expect((await registry.oci(method, path)).status).toBe(status);
});
