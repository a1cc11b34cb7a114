import type { Readable } from "node:stream";
import type { Clock } from "./clock.ts";

/** What every simulated service is given: the cloud it stands in. */
export interface CloudContext {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  /**
   * `http://127.0.0.1:<port>`: the one address of this cloud. Known once the gateway listens, so
   * ask late.
   */
  origin(): string;
  /** Puts an event on the default bus, as an AWS service does. */
  emit(event: CloudEvent): void;
  /** Counts background work, so that virtual time stands still until it is done. */
  track<T>(work: Promise<T>): Promise<T>;
}

/** An event as EventBridge delivers it; the bus adds id, time, account, region and version. */
export interface CloudEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Who signed a request. A local person or tool that does not sign has neither role nor function. */
export interface Caller {
  readonly accessKeyId: string | undefined;
  /** ARN of the role whose credentials signed the request. */
  readonly role: string | undefined;
  /** Name of the Lambda function that runs under this role. */
  readonly functionName: string | undefined;
}

export interface ServiceRequest {
  readonly method: string;
  /** Path below the service's prefix, still percent-encoded, starting with "/". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** In the place of a body: sent piece by piece as it comes, for as long as the client listens. */
  readonly stream?: Readable;
}

/** The IAM view of a request: what is recorded, and what the caller's role must allow. */
export interface Operation {
  /**
   * `ecr:PutImage`; for what IAM does not know a name in the same form (`kubernetes:patch`,
   * `slack:chat.postMessage`).
   */
  readonly action: string;
  readonly resources: readonly string[];
  readonly access: "read" | "write";
  /** Values of condition keys, such as `dynamodb:LeadingKeys`. */
  readonly conditions?: Readonly<Record<string, readonly string[]>>;
  /** What the service does elsewhere in the caller's name, and so asks for too. */
  readonly alsoNeeds?: readonly {
    readonly action: string;
    readonly resources: readonly string[];
  }[];
}

/**
 * A simulated service. The gateway routes to it by the signing name in the Authorization header's
 * credential scope (`…/20260105/eu-west-1/ecr/aws4_request` is `ecr`) or by path prefix; authorises
 * and records `operation(request)`, applies faults, then calls `handle`. `handle` never throws for
 * what the real service answers with an error.
 */
export interface Service {
  readonly name: string;
  /** The variable that points an unchanged client here, such as `AWS_ENDPOINT_URL_ECR`. */
  readonly endpointVariable?: string;
  /** SigV4 service names that it answers. */
  readonly signingNames?: readonly string[];
  /** Path prefixes that it answers, such as `/v2/` (kept in `path`) or `/_slack` (removed from it). */
  readonly prefixes?: readonly { readonly prefix: string; readonly strip: boolean }[];
  /** It answers at `/` whatever is not signed for a service. */
  readonly isFront?: true;
  /** undefined: not a call that is recorded or authorised (a page, a health check). */
  operation(request: ServiceRequest): Operation | undefined;
  handle(request: ServiceRequest): Promise<ServiceResponse>;
  close(): Promise<void>;
}
