import { ECRClient } from "@aws-sdk/client-ecr";
import { virtualClock } from "../../clock.ts";
import {
  buildImage,
  type BuiltImage,
  type ImageContents,
} from "../../ecr/builder/image-builder.ts";
import { pushImage, type Push } from "../../ecr/builder/push-image.ts";
import { createEcr, type EcrOptions } from "../../ecr/ecr.ts";
import { startGateway } from "../../gateway.ts";
import type { CloudContext, CloudEvent } from "../../service.ts";

const credentials = { user: "local", password: "for-tests" };
export const authorization = `Basic ${Buffer.from("local:for-tests").toString("base64")}`;
const account = "111122223333";

export interface OciCall {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

/** A registry that listens on loopback, with what happened at it. */
export async function startRegistry(options: Partial<EcrOptions> = {}) {
  const clock = virtualClock();
  const events: CloudEvent[] = [];
  let origin = "";
  const context: CloudContext = {
    account,
    region: "eu-west-1",
    clock,
    origin: () => origin,
    emit: (event) => void events.push(event),
    track: (work) => work,
  };
  const repositories = [{ name: "orderbook-api" }, { name: "team/orderbook-ui" }];
  const ecr = createEcr(context, { repositories, credentials, ...options });
  const gateway = await startGateway({ services: () => [ecr] });
  origin = gateway.origin;
  const keys = { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" };
  const client = new ECRClient({
    region: "eu-west-1",
    endpoint: origin,
    credentials: keys,
    maxAttempts: 1,
  });
  return {
    ecr,
    clock,
    events,
    origin,
    client,
    context,
    oci: (method: string, path: string, call: OciCall = {}): Promise<Response> =>
      fetch(new URL(path, origin), {
        method,
        redirect: "manual",
        headers: { authorization, ...call.headers },
        ...(call.body !== undefined && {
          body: typeof call.body === "string" ? call.body : new Uint8Array(call.body),
        }),
      }),
    push: (push: Partial<Push> & Pick<Push, "image">): Promise<string> =>
      pushImage({ origin, repository: "orderbook-api", credentials, ...push }),
    async close() {
      client.destroy();
      await ecr.close();
      await gateway.close();
    },
  };
}

export function anImage(contents: Partial<ImageContents> = {}): BuiltImage {
  return buildImage({
    platform: { os: "linux", architecture: "amd64" },
    files: { "app/main.txt": "orderbook" },
    created: "2026-01-05T08:00:00Z",
    mediaTypes: "oci",
    ...contents,
  });
}

export const armImage = (): BuiltImage =>
  anImage({ platform: { os: "linux", architecture: "arm64" }, files: { "app/main.txt": "arm" } });

export function detailsOf(
  events: readonly CloudEvent[],
  detailType: string,
): readonly Readonly<Record<string, unknown>>[] {
  return events.filter((event) => event["detail-type"] === detailType).map((event) => event.detail);
}

export async function errorOf(
  response: Response,
): Promise<{ status: number; code: string; message: string }> {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
  return {
    status: response.status,
    code: errors[0]?.code ?? "",
    message: errors[0]?.message ?? "",
  };
}
