import type { LocalCloudOptions } from "./cloud-options.ts";
import { createEventBridge, type EventBridge } from "./eventbridge/eventbridge.ts";
import { createInvocationFaults, type InvocationFaults } from "./faults/invocation-faults.ts";
import { isAllowed } from "./iam/policy.ts";
import type { Deployed } from "./lambda/deploy-functions.ts";
import { type Lambda, type LambdaOptions, createLambda } from "./lambda/lambda.ts";
import type { CloudContext } from "./service.ts";
import { createQueues, type Queues } from "./sqs/sqs.ts";
import { createStepFunctions, type StepFunctions } from "./step-functions/step-functions.ts";
import type { Stack } from "./template/read-stack.ts";

interface EventServicesOptions {
  readonly cloud: Pick<LocalCloudOptions, "random" | "log">;
  readonly stack: Stack;
  readonly deployed: Pick<Deployed, "functions">;
}

export interface EventServices {
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly eventbridge: EventBridge;
  readonly queues: Queues;
  /** What invocations by the state machine suffer. */
  readonly invocations: InvocationFaults;
}

/** The functions, what invokes them, and where events go that nobody could handle. */
export function createEventServices(
  context: CloudContext,
  { cloud, stack, deployed }: EventServicesOptions,
): EventServices {
  const random = cloud.random ? { random: cloud.random } : {};
  const queues = createQueues(context, { queues: stack.queues });
  const lambda = createLambda({
    functions: deployed.functions,
    urls: stack.functionUrls,
    clock: context.clock,
    track: (work) => context.track(work),
    sendRecord: sendRecord({ stack, queues, log: cloud.log ?? (() => undefined) }),
  });
  const invocations = createInvocationFaults(({ functionName, payload, timeLimit }) =>
    lambda.invoke(functionName, payload, timeLimit),
  );
  const stepFunctions = createStepFunctions(context, {
    stateMachines: stack.stateMachines,
    invoke: invocations.invoke,
    ...random,
  });
  const eventbridge = createEventBridge(context, {
    rules: stack.rules,
    deadLetter: (arn, { body, attributes }) => queues.controls.put(arn, body, attributes),
    ...random,
    deliver: ({ arn }, payload) =>
      Promise.resolve(lambda.accept(arn, JSON.parse(payload)) ? { kind: "ok" } : missing(arn)),
  });
  return { lambda, stepFunctions, eventbridge, queues, invocations };
}

interface Records {
  readonly stack: Stack;
  readonly queues: Queues;
  readonly log: NonNullable<LocalCloudOptions["log"]>;
}

/**
 * "To send events to a destination, your function needs additional permissions" (Lambda developer
 * guide, "invocation-async"): Lambda writes with the function's role.
 */
function sendRecord({ stack, queues, log }: Records): LambdaOptions["sendRecord"] {
  return ({ name, roleArn }, queue, record) => {
    const request = { action: "sqs:SendMessage", resources: [queue], conditions: {} };
    if (isAllowed(stack.statements.get(roleArn) ?? [], request)) {
      queues.controls.put(queue, record, {});
    } else {
      log({
        level: "error",
        function: name,
        message: `an event is lost: ${roleArn} does not allow sqs:SendMessage on ${queue}`,
      });
    }
  };
}

/**
 * "if a target resource that no longer exists, no retry attempts will happen" (EventBridge user
 * guide, "rule-dlq").
 */
function missing(arn: string): {
  readonly kind: "error";
  readonly retriable: false;
  readonly code: string;
  readonly message: string;
} {
  return {
    kind: "error",
    retriable: false,
    code: "ResourceNotFoundException",
    message: `Function not found: ${arn}`,
  };
}
