import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import type {
  Service,
  ServiceRequest,
  ServiceResponse,
} from "@promoter/local-cloud/internal/service.ts";

export type Script = (request: ServiceRequest) => ServiceResponse | "drop";

export interface ScriptedService {
  readonly origin: string;
  /** What came, oldest first. */
  readonly requests: readonly ServiceRequest[];
  /** `PutImage` of `…V20150921.PutImage`, oldest first. */
  operations(): readonly string[];
  close(): Promise<void>;
}

/**
 * A server on loopback that answers every request as the script says: what no simulated service can
 * be brought to say.
 */
export async function scriptedService(script: Script): Promise<ScriptedService> {
  const requests: ServiceRequest[] = [];
  const service: Service = {
    name: "scripted",
    prefixes: [{ prefix: "/", strip: false }],
    operation: () => undefined,
    handle: async () => ({ status: 500 }),
    close: async () => undefined,
  };
  const gateway = await startGateway({
    services: () => [service],
    async intercept({ request }) {
      requests.push(request);
      return script(request);
    },
  });
  return {
    origin: gateway.origin,
    requests,
    operations: () =>
      requests.map(({ headers }) => headers["x-amz-target"]?.split(".").at(-1) ?? ""),
    close: () => gateway.close(),
  };
}

/** Answers one after the other, the last one for ever. */
export function inTurn(...answers: readonly [ServiceResponse, ...ServiceResponse[]]): Script {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] ?? answers[0];
}

export function json(body: object, status = 200): ServiceResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(body),
  };
}

/** An exception as the JSON protocol of AWS writes it. */
export function exception(name: string, message = "because", status = 400): ServiceResponse {
  return json({ __type: name, message }, status);
}

export const clientOptions = {
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  maxAttempts: 1,
} as const;
