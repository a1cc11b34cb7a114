import { isHostOf } from "./aws/registry-host.ts";
import type { RegistryAddress } from "./configuration.ts";
import {
  chooseImage,
  type Content,
  type Descriptor,
  type ImageManifest,
} from "./containerd/choose-image.ts";
import type { Pulled } from "./kubernetes/nodes/kubelet.ts";
import { isForeignLayer } from "./oci/foreign-layer.ts";
import { parseImageReference } from "./oci/image-reference.ts";
import { mediaTypes } from "./oci/media-types.ts";

interface Pull {
  readonly origin: string;
  /** The one that answers at `origin`, under each of its host names. */
  readonly registry: RegistryAddress;
  /** As a pod spec has it: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:prod-1@sha256:…`. */
  readonly reference: string;
  readonly platform: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  };
  readonly credentials: { readonly user: string; readonly password: string };
}

const accept = [
  mediaTypes.ociIndex,
  mediaTypes.dockerList,
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
].join(", ");

/**
 * Pulls as a node does: manifest, the child for its platform, config and layers, all through the
 * distribution API. Other registries cannot be reached from here, so their images count as there,
 * and so do foreign layers, which a node fetches from their own addresses.
 */
export async function pullImage(pull: Pull): Promise<Pulled> {
  const reference = parseImageReference(pull.reference);
  if (!reference) return failed(pull, "invalid reference format");
  const { host, repository, tag, digest } = reference;
  if (host === undefined || !isHostOf(pull.registry, host)) return { kind: "ok" };
  try {
    const image = await chosenImage(pull, repository, digest ?? tag ?? "latest");
    const blobs = [image.config, ...image.layers.filter((layer) => !isForeignLayer(layer))].flatMap(
      (blob) => (blob ? [blob.digest] : []),
    );
    const present = await Promise.all(
      blobs.map((blob) => call(pull, "HEAD", `${repository}/blobs/${blob}`)),
    );
    return present.every(isThere) ? { kind: "ok" } : failed(pull, "a layer is not found");
  } catch (error) {
    return failed(pull, error instanceof Error ? error.message : String(error));
  }
}

async function chosenImage(
  pull: Pull,
  repository: string,
  reference: string,
): Promise<ImageManifest> {
  const target = await resolved(pull, repository, reference);
  const content: Content = {
    manifest: async (digest) =>
      bytesOf(await call(pull, "GET", `${repository}/manifests/${digest}`), digest),
    blob: async (digest) =>
      bytesOf(
        await call({ ...pull, redirect: "follow" }, "GET", `${repository}/blobs/${digest}`),
        digest,
      ),
  };
  return chooseImage(content, target, pull.platform);
}

/**
 * What a reference stands for, by the headers of its manifest (containerd,
 * core/remotes/docker/resolver.go).
 */
async function resolved(pull: Pull, repository: string, reference: string): Promise<Descriptor> {
  const answer = await call(pull, "HEAD", `${repository}/manifests/${reference}`);
  if (!answer.ok) throw new Error("not found");
  return {
    digest: answer.headers.get("docker-content-digest") ?? reference,
    mediaType: answer.headers.get("content-type")?.split(";")[0] ?? "",
  };
}

async function bytesOf(answer: Response, digest: string): Promise<Uint8Array> {
  if (!answer.ok) throw new Error(`${digest}: not found`);
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * A registry may keep its blobs elsewhere and answer with a redirect (distribution-spec, "Pulling
 * blobs"), as ECR does.
 */
function isThere({ ok, status }: Response): boolean {
  return ok || status === 307;
}

function call(
  { origin, credentials, redirect = "manual" }: Pull & { readonly redirect?: "manual" | "follow" },
  method: string,
  path: string,
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  return fetch(`${origin}/v2/${path}`, { method, headers: { authorization, accept }, redirect });
}

function failed({ reference }: Pull, why: string): Pulled {
  return {
    kind: "error",
    reason: "ErrImagePull",
    message: `failed to pull and unpack image "${reference}": ${why}`,
  };
}
