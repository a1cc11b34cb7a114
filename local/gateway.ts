import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { keyOfEksToken, readMark } from "./caller-key.ts";
import type { Caller, Service, ServiceRequest, ServiceResponse } from "./service.ts";

/**
 * Stands between the wire and a service: authorisation, recording, faults. `drop` closes the
 * connection without an answer.
 */
export type Intercept = (
  call: { readonly service: Service; readonly request: ServiceRequest },
  next: () => Promise<ServiceResponse>,
) => Promise<ServiceResponse | "drop">;

export interface GatewayOptions {
  readonly services: () => readonly Service[];
  readonly intercept?: Intercept;
  readonly callerOf?: (accessKeyId: string | undefined) => Caller;
  /** 0 takes a free port. */
  readonly port?: number;
  /** A longer body, or one that does not say how long it is, is refused unread. */
  readonly maxBytes?: number;
}

export interface Gateway {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * The one loopback address of a local cloud: finds the service that a request is for and gives its
 * answer back.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const streams = new Set<Readable>();
  const server = createServer(
    (request, response) => void serve({ ...options, streams }, request, response),
  );
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server, streams) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

/**
 * Streamed answers end before their connections are cut: a turn of the event loop takes the end to
 * the socket.
 */
async function closeServer(server: Server, streams: ReadonlySet<Readable>): Promise<void> {
  for (const open of streams) open.push(null);
  await new Promise((resolve) => setImmediate(resolve));
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function serve(
  options: GatewayOptions & {
    /** Answers that are being sent piece by piece. */
    readonly streams: Set<Readable>;
  },
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = await answerTo(options, incoming);
    if (answer === "drop") incoming.socket.destroy();
    else if (answer.stream) {
      sendStream(options.streams, response, { ...answer, stream: answer.stream });
    } else send(incoming, response, answer);
  } catch (error) {
    send(incoming, response, {
      status: 500,
      body: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

async function answerTo(
  options: GatewayOptions,
  incoming: IncomingMessage,
): Promise<ServiceResponse | "drop"> {
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const headers = headersOf(incoming);
  const scope = credentialScope(headers, url.searchParams);
  const { path, accessKeyId: marked } = readMark(url.pathname);
  const accessKeyId = scope?.accessKeyId ?? marked ?? keyOfEksToken(headers["authorization"]);
  const found = route(options.services(), { path, signingName: scope?.service });
  if (!found) {
    const signed = scope ? `, signed for ${scope.service}` : "";
    const request = `${incoming.method} ${url.pathname}${signed}`;
    return { status: 404, body: `no service of this local cloud answers ${request}\n` };
  }
  if (options.maxBytes !== undefined && !(Number(headers["content-length"]) <= options.maxBytes)) {
    return { status: 413, headers: { connection: "close" } };
  }
  const request: ServiceRequest = {
    method: incoming.method ?? "GET",
    path: found.path,
    query: url.searchParams,
    headers,
    body: await buffer(incoming),
    caller: options.callerOf?.(accessKeyId) ?? {
      accessKeyId,
      role: undefined,
      functionName: undefined,
    },
  };
  const next = (): Promise<ServiceResponse> => found.service.handle(request);
  return options.intercept ? options.intercept({ service: found.service, request }, next) : next();
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/** `Credential=AKID/date/region/service/aws4_request`, in the header or, presigned, in the query. */
function credentialScope(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): { accessKeyId: string; service: string } | undefined {
  const text =
    /Credential=([^,\s]+)/.exec(headers["authorization"] ?? "")?.[1] ??
    query.get("X-Amz-Credential");
  const [accessKeyId, , , service] = text?.split("/") ?? [];
  return accessKeyId && service ? { accessKeyId, service } : undefined;
}

function route(
  services: readonly Service[],
  { path, signingName }: { readonly path: string; readonly signingName: string | undefined },
): { service: Service; path: string } | undefined {
  for (const service of services) {
    const hit = service.prefixes?.find(
      ({ prefix }) =>
        path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`),
    );
    if (hit) return { service, path: hit.strip ? path.slice(hit.prefix.length) || "/" : path };
  }
  const isMeant = ({ signingNames, isFront }: Service): boolean =>
    signingName === undefined
      ? isFront === true && path === "/"
      : signingNames?.includes(signingName) === true;
  const service = services.find(isMeant);
  return service && { service, path };
}

/** A client that goes away ends the stream, which tells whoever fills it. */
function sendStream(
  streams: Set<Readable>,
  response: ServerResponse,
  { status, headers = {}, stream }: ServiceResponse & { readonly stream: Readable },
): void {
  streams.add(stream);
  response.writeHead(status, headers);
  response.flushHeaders();
  pipeline(stream, response, () => streams.delete(stream));
}

/** A HEAD answer carries the length of the body that it does not carry. */
function send(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers = {}, body = "" }: ServiceResponse,
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const length =
    status === 204 || status === 304 ? {} : { "content-length": String(bytes.byteLength) };
  response.writeHead(status, { ...length, ...headers });
  response.end(incoming.method === "HEAD" ? undefined : bytes);
}
