import { createHash } from "node:crypto";
import { GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import { causeOfFetch, PromoterError, type ErrorName } from "../../domain/errors.ts";
import type { ImageRef, ImageRegistry } from "../../ports/image-registry.ts";
import type { RegistryClient } from "./registry-client.ts";
import { callRegistry } from "./translate-error.ts";

const maxBlobSize = 4 * 1024 * 1024;
/** Milliseconds. */
const defaultTimeout = 2_000;
const action = "ecr:GetDownloadUrlForLayer";

/**
 * ECR returns a pre-signed S3 URL: whoever has it may read, so it goes without a header and into no
 * message.
 */
export function readBlob(
  registry: RegistryClient,
  fetchUrl: typeof fetch,
): ImageRegistry["readBlob"] {
  return async (blob) => {
    const url = await downloadUrl(registry, blob);
    const timeout = defaultTimeout * (registry.patience ?? 1);
    const attempt = { doing: "downloading", reference: referenceOf(blob), action };
    return verifyBytes(
      blob,
      await callRegistry(attempt, () =>
        download(blob, () => fetchUrl(url, { signal: AbortSignal.timeout(timeout) })).catch(
          unwrapCause,
        ),
      ),
    );
  };
}

async function downloadUrl(
  { client, registryId }: RegistryClient,
  blob: ImageRef,
): Promise<string> {
  const { repository: repositoryName, digest: layerDigest } = blob;
  const attempt = { doing: "locating", reference: referenceOf(blob), action };
  return callRegistry(attempt, async () => {
    try {
      const { downloadUrl: url } = await client.send(
        new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest }),
      );
      return url ?? "";
    } catch (error) {
      const gone =
        error instanceof Error &&
        (error.name === "LayersNotFoundException" || error.name === "LayerInaccessibleException");
      throw gone
        ? problem("ImageMissing", blob, { got: error.name, remedy: "push the image again" })
        : error;
    }
  });
}

async function download(blob: ImageRef, request: () => Promise<Response>): Promise<Buffer> {
  const response = await request();
  if (response.status === 200) return readBounded(blob, response);
  throw await refusalOf(blob, response);
}

function unwrapCause(error: unknown): never {
  throw causeOfFetch(error);
}

async function refusalOf(blob: ImageRef, response: Response): Promise<PromoterError> {
  await response.body?.cancel();
  const got = `HTTP ${response.status} from its storage`;
  if (response.status === 404) {
    return problem("ImageMissing", blob, { got, remedy: "push the image again" });
  }
  if (response.status >= 500 || response.status === 429) {
    return problem("RegistryUnavailable", blob, { got, remedy: "try again later" });
  }
  return problem("RegistryRefused", blob, {
    got,
    remedy: `check ${action} and any VPC endpoint policy for S3`,
  });
}

async function readBounded(blob: ImageRef, response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBlobSize) {
      throw problem("RegistryRefused", blob, {
        got: "more than 4 MiB",
        remedy: "a configuration is smaller; check the image",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function verifyBytes(blob: ImageRef, bytes: Buffer): Buffer {
  const got = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (got === blob.digest) return bytes;
  throw problem("RegistryRefused", blob, {
    got: `bytes of ${got}`,
    remedy: "something on the way to S3 alters blobs: find it before promoting anything",
  });
}

function problem(
  name: ErrorName,
  blob: ImageRef,
  { got, remedy }: { readonly got: string; readonly remedy: string },
): PromoterError {
  const message = `reading blob ${referenceOf(blob)}: expected its bytes, got ${got}; ${remedy}`;
  return new PromoterError(name, message, {
    details: { repository: blob.repository, digest: blob.digest },
  });
}

function referenceOf({ repository, digest }: ImageRef): string {
  return `${repository}@${digest}`;
}
