import { cutOff } from "../../src/domain/bounded.ts";
import { causeOfFetch, errorMessage } from "../../src/domain/errors.ts";
import { printable } from "../../src/domain/printable.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { RegistryLogin } from "../registry-login.ts";
import type { ArtifactBlob, BuiltArtifact } from "./build-artifact.ts";

export interface ArtifactPush {
  readonly registry: RegistryLogin;
  readonly repository: string;
  readonly tag: string;
  readonly artifact: BuiltArtifact;
}

/**
 * Pushes as the distribution-spec 1.1 says ("Pushing"): blobs that are not there yet, then the
 * manifest under the tag. A tag that has these bytes already is left alone, so that a pipeline may
 * run again where tags are immutable.
 */
export async function pushArtifact(push: ArtifactPush): Promise<"pushed" | "was there"> {
  const { blobs, manifest } = push.artifact;
  const present = await call(push, {
    method: "HEAD",
    path: `manifests/${push.tag}`,
    headers: { accept: manifest.mediaType },
    expected: [200, 404],
  });
  if (present.headers.get("docker-content-digest") === manifest.digest) return "was there";
  for (const blob of blobs) await pushBlob(push, blob);
  await call(push, {
    method: "PUT",
    path: `manifests/${push.tag}`,
    headers: { "content-type": manifest.mediaType },
    body: manifest.bytes,
    expected: [201],
  });
  return "pushed";
}

/** Location may carry a query of its own, and may be relative. */
async function pushBlob(push: ArtifactPush, { digest, bytes }: ArtifactBlob): Promise<void> {
  const present = await call(push, {
    method: "HEAD",
    path: `blobs/${digest}`,
    expected: [200, 404],
  });
  if (present.status === 200) return;
  const started = await call(push, { method: "POST", path: "blobs/uploads/", expected: [202] });
  const location = started.headers.get("location") ?? "";
  await call(push, {
    method: "PUT",
    path: `${location}${location.includes("?") ? "&" : "?"}digest=${digest}`,
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
    expected: [201],
  });
}

interface DistributionCall {
  readonly method: "HEAD" | "POST" | "PUT";
  /** Below the repository, or a Location that the registry gave. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly expected: readonly number[];
}

/** Milliseconds; for 4 MiB over a slow line. */
const timeout = 60_000;
const pauses = [1_000, 4_000];

/** Every call may be made twice: blobs and manifests are named by their content. */
async function call(push: ArtifactPush, request: DistributionCall, tries = 0): Promise<Response> {
  const response = await send(push, request).catch((error: unknown) => failure(push, error));
  if ("status" in response && request.expected.includes(response.status)) return response;
  const pause = pauses[tries];
  const mayPass = !("status" in response) || response.status === 429 || response.status >= 500;
  if (mayPass && pause !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    return call(push, request, tries + 1);
  }
  if (!("status" in response)) throw response;
  throw await refusal(push, response, mayPass);
}

async function send(
  { registry: { origin, credentials }, repository }: ArtifactPush,
  { method, path, headers, body }: DistributionCall,
): Promise<Response> {
  const url = new URL(path, `${origin}/v2/${repository}/`);
  const authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  // Credentials go to the registry alone, wherever it says an upload is to be sent.
  const trusted = url.origin === new URL(origin).origin;
  return fetch(url, {
    method,
    headers: { ...headers, ...(trusted ? { authorization } : {}) },
    signal: AbortSignal.timeout(timeout),
    ...(body && { body: new Uint8Array(body) }),
  });
}

function failure({ registry: { origin } }: ArtifactPush, error: unknown): CommandError {
  const why = errorMessage(causeOfFetch(error));
  return new CommandError(`cannot reach ${origin}: ${why}`, exitCodes.tryAgain);
}

const maxAnswer = 500;

async function refusal(
  { registry: { origin }, repository, tag }: ArtifactPush,
  response: Response,
  mayPass: boolean,
): Promise<CommandError> {
  const text = await response.text().catch(() => "");
  const said = printable(cutOff(text.trim() || response.statusText, maxAnswer));
  return new CommandError(
    `${new URL(origin).host} refused ${repository}:${tag}: ${response.status} ${said}`,
    mayPass ? exitCodes.tryAgain : exitCodes.failed,
  );
}
