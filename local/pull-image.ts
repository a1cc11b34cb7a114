import type { Registry } from "../src/domain/configuration.ts";
import { parseReference } from "../src/domain/image/reference.ts";
import { isHostOf } from "../src/domain/image/registry-host.ts";
import type { Pulled } from "./kubernetes/pod-runner.ts";

interface Pull {
  readonly origin: string;
  /** The one that answers at `origin`, under each of its host names. */
  readonly registry: Registry;
  /** As a pod spec has it: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:prod-1@sha256:…`. */
  readonly reference: string;
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly credentials: { readonly user: string; readonly password: string };
}

const accept = [
  "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

interface Manifest {
  readonly manifests?: readonly { readonly digest: string; readonly platform?: { readonly os: string; readonly architecture: string } }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/**
 * Pulls as a node does: manifest, the child for its platform, config and layers, all through the distribution API. Other registries cannot
 * be reached from here, so their images count as there.
 */
export async function pullImage(pull: Pull): Promise<Pulled> {
  const reference = parseReference(pull.reference);
  if (!reference) return failed(pull, "invalid reference format");
  const { host, path: repository, tag, digest } = reference;
  if (host === undefined || !isHostOf(pull.registry, host)) return { kind: "ok" };
  const top = await readManifest(pull, repository, digest ?? tag ?? "latest");
  if (!top) return failed(pull, "not found");
  const child = top.manifests?.find(({ platform }) => platform?.os === pull.platform.os && platform.architecture === pull.platform.architecture);
  if (top.manifests && !child) return failed(pull, `no match for platform in manifest: ${pull.platform.os}/${pull.platform.architecture}`);
  const image = child ? await readManifest(pull, repository, child.digest) : top;
  if (!image) return failed(pull, "the manifest of the platform is not found");
  const blobs = [image.config, ...(image.layers ?? [])].flatMap((blob) => (blob ? [blob.digest] : []));
  const present = await Promise.all(blobs.map((blob) => call(pull, "HEAD", `${repository}/blobs/${blob}`)));
  return present.every(isThere) ? { kind: "ok" } : failed(pull, "a layer is not found");
}

/** A registry may keep its blobs elsewhere and answer with a redirect (distribution-spec, "Pulling blobs"), as ECR does. */
function isThere({ ok, status }: Response): boolean {
  return ok || status === 307;
}

async function readManifest(pull: Pull, repository: string, reference: string): Promise<Manifest | undefined> {
  const answer = await call(pull, "GET", `${repository}/manifests/${reference}`);
  return answer.ok ? ((await answer.json()) as Manifest) : undefined;
}

function call({ origin, credentials }: Pull, method: string, path: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  return fetch(`${origin}/v2/${path}`, { method, headers: { authorization, accept }, redirect: "manual" });
}

function failed({ reference }: Pull, why: string): Pulled {
  return { kind: "error", reason: "ErrImagePull", message: `failed to pull and unpack image "${reference}": ${why}` };
}
