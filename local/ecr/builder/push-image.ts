import type { FixedCredentials } from "../credentials.ts";
import { blobsOf } from "./image-builder.ts";
import type { Blob, BuiltImage, BuiltIndex } from "./image-builder.ts";

export interface Push {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly repository: string;
  /** Without a tag the image is pushed by its digest. */
  readonly tag?: string;
  readonly image: BuiltImage | BuiltIndex;
  readonly credentials?: FixedCredentials;
  /** Bytes in a chunk; without it a blob goes in one piece. */
  readonly chunkSize?: number;
}

/**
 * Pushes as any client does: blobs that are not there yet, children before their index, the
 * manifest last. Gives the digest.
 */
export async function pushImage(push: Push): Promise<string> {
  const { image } = push;
  if (image.kind === "index") {
    for (const child of image.images) await pushManifest(push, child, child.manifest.digest);
  }
  await pushManifest(push, image, push.tag ?? image.manifest.digest);
  return image.manifest.digest;
}

async function pushManifest(
  push: Push,
  image: BuiltImage | BuiltIndex,
  reference: string,
): Promise<void> {
  const blobs = image.kind === "image" ? blobsOf(image) : [];
  for (const blob of blobs) await pushBlob(push, blob);
  const { mediaType, bytes } = image.manifest;
  const headers = { "content-type": mediaType };
  await call(push, {
    method: "PUT",
    path: `manifests/${reference}`,
    headers,
    body: bytes,
    expected: [201],
  });
}

/** Location may carry a query of its own, and may be relative (distribution-spec, "Pushing blobs"). */
async function pushBlob(push: Push, blob: Blob): Promise<void> {
  const present = await call(push, {
    method: "HEAD",
    path: `blobs/${blob.digest}`,
    expected: [200, 404],
  });
  if (present.status === 200) return;
  const started = await call(push, { method: "POST", path: "blobs/uploads/", expected: [202] });
  const upload = started.headers.get("location") ?? "";
  if (push.chunkSize === undefined) return finish(push, upload, blob);
  const last = await pushChunks(push, upload, { bytes: blob.bytes, size: push.chunkSize });
  await finish(push, last, { ...blob, bytes: Buffer.alloc(0) });
}

/** 202 by the distribution-spec, 201 from ECR. */
const chunkTaken = [201, 202];

async function pushChunks(
  push: Push,
  upload: string,
  chunks: { bytes: Buffer; size: number },
): Promise<string> {
  let location = upload;
  for (let first = 0; first < chunks.bytes.length; first += chunks.size) {
    const body = chunks.bytes.subarray(first, first + chunks.size);
    const headers = {
      "content-type": "application/octet-stream",
      "content-range": `${first}-${first + body.length - 1}`,
    };
    const answer = await call(push, {
      method: "PATCH",
      path: location,
      headers,
      body,
      expected: chunkTaken,
    });
    location = answer.headers.get("location") ?? location;
  }
  return location;
}

async function finish(push: Push, upload: string, blob: Blob): Promise<void> {
  const path = `${upload}${upload.includes("?") ? "&" : "?"}digest=${blob.digest}`;
  const headers = { "content-type": "application/octet-stream" };
  await call(push, { method: "PUT", path, headers, body: blob.bytes, expected: [201] });
}

interface Call {
  readonly method: string;
  /** Below the repository, or a Location that the registry gave. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly expected: readonly number[];
}

async function call(
  push: Push,
  { method, path, headers, body, expected }: Call,
): Promise<Response> {
  const url = new URL(path, `${push.origin}/v2/${push.repository}/`);
  const sent = { ...headers, ...authorization(push.credentials) };
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(body && { body: new Uint8Array(body) }),
  });
  if (expected.includes(response.status)) return response;
  throw new Error(`${method} ${url.pathname}: ${response.status} ${await response.text()}`);
}

function authorization(
  credentials: FixedCredentials | undefined,
): Readonly<Record<string, string>> {
  if (!credentials) return {};
  const encoded = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  return { authorization: `Basic ${encoded}` };
}
