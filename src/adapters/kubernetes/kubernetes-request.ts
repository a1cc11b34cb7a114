import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { PromoterError, errorMessage } from "../../domain/errors.ts";
import { parseJson } from "../../domain/parse-json.ts";
import { isLoopback } from "./is-loopback.ts";

interface KubernetesRequest {
  readonly method: "GET" | "PATCH" | "DELETE" | "POST";
  /** From the server's root, percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** An object to apply, sent as the JSON that it is. */
  readonly apply?: unknown;
  /** An object to create. */
  readonly create?: unknown;
  /** Operations of a JSON patch (RFC 6902). */
  readonly patch?: readonly unknown[];
  /** The answer is text, also where it looks like JSON; refusals are read as ever. */
  readonly asText?: boolean;
}

export interface KubernetesAnswer {
  readonly status: number;
  /** JSON, or the text itself where it is not JSON. */
  readonly body: unknown;
}

/**
 * Throws `ClusterUnavailable` when no answer came, `ClusterRefused` when there are no credentials
 * to ask with.
 */
export type SendRequest = (request: KubernetesRequest) => Promise<KubernetesAnswer>;

export interface ClusterConnection {
  /** The cluster's name, for messages. */
  readonly cluster: string;
  readonly config: KubeConfig;
  /** Milliseconds that one call may take. */
  readonly timeout: number;
  /**
   * Called right before each request: throws when no more may be sent, else returns the signal that
   * aborts it.
   */
  readonly permit: () => AbortSignal | undefined;
}

/**
 * Requests of our own over the connection that a KubeConfig describes. The generated client is not
 * used for objects: it drops every field that its models do not know, and server-side apply takes
 * that for a wish to remove them.
 */
export function kubernetesRequests(connection: ClusterConnection): SendRequest {
  const { cluster, timeout, permit } = connection;
  const server = serverOf(connection);
  return async (request) => {
    const options = await authenticate(connection, optionsFor(request));
    const url = new URL(
      `${server.replace(/\/$/, "")}${request.path}?${new URLSearchParams(request.query).toString()}`,
    );
    const permitted = permit();
    const signals = [AbortSignal.timeout(timeout), ...(permitted ? [permitted] : [])];
    try {
      return await exchange(url, { ...options, signal: AbortSignal.any(signals) }, request);
    } catch (error) {
      const doing = `${request.method} ${request.path} at cluster ${cluster} (${server})`;
      throw new PromoterError(
        "ClusterUnavailable",
        `${doing}: expected a response, got ${failureText(error, timeout)}`,
        { cause: error },
      );
    }
  };
}

function failureText(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "AbortError" || error.name === "TimeoutError"
    ? `none within ${timeout} ms`
    : error.message;
}

function serverOf({ config, cluster }: ClusterConnection): string {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new PromoterError("ClusterRefused", `cluster ${cluster} has no server address`);
  }
  if (server.startsWith("http:") && !isLoopback(server)) {
    throw new PromoterError(
      "ClusterRefused",
      `cluster ${cluster} answers at ${server}: without TLS only a loopback address is used, ` +
        "because the token would be readable",
    );
  }
  return server;
}

const applyPatch = "application/apply-patch+yaml";

const jsonPatch = "application/json-patch+json";

function optionsFor({ method, ...request }: KubernetesRequest): RequestOptions {
  const content = contentOf(request);
  const type = content === undefined ? {} : { "content-type": content };
  const accept = request.asText ? "application/json, */*" : "application/json";
  return { method, headers: { accept, "user-agent": "promoter", ...type } };
}

function contentOf({
  apply,
  patch,
  create,
}: Pick<KubernetesRequest, "apply" | "patch" | "create">): string | undefined {
  if (apply !== undefined) return applyPatch;
  if (patch !== undefined) return jsonPatch;
  return create === undefined ? undefined : "application/json";
}

/** A kubeconfig may run a program or read files to get a token. */
async function authenticate(
  { config, cluster }: ClusterConnection,
  options: RequestOptions,
): Promise<RequestOptions> {
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    const why = errorMessage(error);
    throw new PromoterError(
      "ClusterRefused",
      `no credentials for cluster ${cluster}: ${why}; check its user in the kubeconfig`,
      { cause: error },
    );
  }
}

async function exchange(
  url: URL,
  options: RequestOptions,
  { apply, patch, create, asText = false }: KubernetesRequest,
): Promise<KubernetesAnswer> {
  const body = apply ?? patch ?? create;
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = send(url, options, resolve);
    outgoing.once("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const [status, answer] = [response.statusCode ?? 0, await text(response)];
  return { status, body: asText && status < 300 ? answer : parseBody(answer) };
}

function parseBody(body: string): unknown {
  const value = parseJson(body);
  return value === undefined ? body : value;
}
