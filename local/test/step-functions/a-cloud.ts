import { virtualClock, type Clock } from "../../clock.ts";
import type { CloudContext, CloudEvent, Service, ServiceRequest } from "../../service.ts";

interface ContextParts {
  readonly clock?: Clock;
  readonly emit?: (event: CloudEvent) => void;
  readonly track?: CloudContext["track"];
}

export function aContext({
  clock = virtualClock(),
  emit = () => undefined,
  track = (work) => work,
}: ContextParts = {}): CloudContext {
  return {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => "http://127.0.0.1",
    emit,
    track,
  };
}

export function aRequest(
  action: string,
  body: object | string,
  overrides: Partial<ServiceRequest> = {},
): ServiceRequest {
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: { "x-amz-target": `AWSStepFunctions.${action}` },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    caller: { accessKeyId: undefined, role: undefined, functionName: undefined },
    ...overrides,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function call(
  service: Service,
  action: string,
  body: object | string,
): Promise<Answer> {
  const response = await service.handle(aRequest(action, body));
  return {
    status: response.status,
    headers: response.headers ?? {},
    body: JSON.parse(String(response.body)) as Record<string, unknown>,
  };
}
