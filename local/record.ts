import type { Clock } from "./clock.ts";
import type { Intercept } from "./gateway.ts";
import { isAllowed, type Statement } from "./iam/policy.ts";
import type { Operation, Service, ServiceRequest, ServiceResponse } from "./service.ts";
import { throttle } from "./throttle.ts";

/** One call to a simulated service, by the function that made it. */
export interface RecordedCall {
  readonly service: string;
  readonly action: string;
  readonly access: Operation["access"];
  readonly resources: readonly string[];
  readonly at: number;
  /** undefined: a person or a tool outside. */
  readonly functionName: string | undefined;
  readonly accessKeyId: string | undefined;
  /** HTTP status, `denied` by the role, or `dropped` by a fault. */
  readonly outcome: number | "denied" | "dropped";
}

/**
 * What may happen to a call: it fails before its effect, after it, the caller dies after it, the
 * service takes no more for now, or it is late by so many milliseconds of real time.
 */
export type Fault =
  | "fails-before"
  | "fails-after"
  | "dies-after"
  | "throttled"
  | { readonly late: number };

export interface CallBook {
  readonly intercept: Intercept;
  readonly calls: readonly RecordedCall[];
  /** Asked before every call of a function. */
  setFaults(
    decide: ((call: Omit<RecordedCall, "outcome" | "at">) => Fault | undefined) | undefined,
  ): void;
  clear(): void;
}

export interface CallBookOptions {
  readonly clock: Clock;
  /**
   * The statements of a role; undefined for callers without a role, who may do everything on their
   * own machine.
   */
  readonly statementsOf: (roleArn: string) => readonly Statement[] | undefined;
  /** Ends the sandbox that has these credentials. */
  readonly kill: (accessKeyId: string) => void;
  /** What a sandbox still does after its end reaches nobody. */
  readonly isDead: (accessKeyId: string | undefined) => boolean;
  /** A person who runs the product for weeks needs the last calls, not all. */
  readonly keep?: number;
}

/** Wraps every call of a service: who made it, whether the role allows it, what became of it. */
export function createCallBook({
  clock,
  statementsOf,
  kill,
  isDead,
  keep = 10_000,
}: CallBookOptions): CallBook {
  const calls: RecordedCall[] = [];
  let faultOf: Parameters<CallBook["setFaults"]>[0];
  const note = (call: Omit<RecordedCall, "at">): void => {
    calls.push({ ...call, at: clock.now() });
    if (calls.length > keep * 2) calls.splice(0, calls.length - keep);
  };
  const intercept: Intercept = async ({ service, request }, next) => {
    if (isDead(request.caller.accessKeyId)) return "drop";
    const operation = service.operation(request);
    if (!operation) return next();
    const call = describe({ service, request, operation });
    const refused = refusedOf(request, operation, statementsOf);
    if (refused) {
      note({ ...call, outcome: "denied" });
      return denied(request, refused);
    }
    const fault = call.functionName === undefined ? undefined : faultOf?.(call);
    const answer = await answerUnder(fault, { next, throttled: () => throttle(service, request) });
    note({ ...call, outcome: answer === "drop" ? "dropped" : answer.status });
    if (fault === "dies-after" && call.accessKeyId !== undefined) kill(call.accessKeyId);
    return isDead(call.accessKeyId) ? "drop" : answer;
  };
  return {
    intercept,
    calls,
    setFaults: (decide) => {
      faultOf = decide;
    },
    clear: () => {
      calls.length = 0;
    },
  };
}

type Answer = Awaited<ReturnType<Intercept>>;

async function answerUnder(
  fault: Fault | undefined,
  { next, throttled }: { readonly next: () => Promise<Answer>; readonly throttled: () => Answer },
): Promise<Answer> {
  if (fault === "throttled") return throttled();
  if (fault === "fails-before") return "drop";
  if (typeof fault === "object") await new Promise((resolve) => setTimeout(resolve, fault.late));
  const answer = await next();
  return typeof fault === "string" ? "drop" : answer;
}

function describe({
  service,
  request: { caller },
  operation: { action, access, resources },
}: {
  readonly service: Service;
  readonly request: ServiceRequest;
  readonly operation: Operation;
}): Omit<RecordedCall, "outcome" | "at"> {
  return {
    service: service.name,
    action,
    access,
    resources,
    functionName: caller.functionName,
    accessKeyId: caller.accessKeyId,
  };
}

/** Slack and Kubernetes have their own ways to say who may do what. */
const outsideIam = /^(slack|kubernetes):/;

type Wanted = Pick<Operation, "action" | "resources" | "conditions">;

/** The first of the actions that the role does not allow. */
function refusedOf(
  { caller }: ServiceRequest,
  operation: Operation,
  statementsOf: CallBookOptions["statementsOf"],
): Wanted | undefined {
  const { role } = caller;
  if (role === undefined || outsideIam.test(operation.action)) return undefined;
  const wanted: readonly Wanted[] = [operation, ...(operation.alsoNeeds ?? [])];
  return wanted.find(
    ({ action, resources, conditions = {} }) =>
      !isAllowed(statementsOf(role) ?? [], { action, resources, conditions }),
  );
}

/** The words that AWS uses, so that an adapter's table meets them. */
function denied({ caller }: ServiceRequest, { action, resources }: Wanted): ServiceResponse {
  const call = `${action} on resource: ${resources.join(", ")}`;
  const reason = `no identity-based policy allows the ${action} action`;
  const message = `User: ${caller.role ?? "anonymous"} is not authorized to perform: ${call} because ${reason}`;
  return {
    status: 400,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": "AccessDeniedException",
    },
    body: JSON.stringify({ __type: "AccessDeniedException", message, Message: message }),
  };
}
