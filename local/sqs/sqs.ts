import { answerJson, jsonOperationView, type JsonProtocol } from "../aws/json-protocol.ts";
import { resourceArn } from "../aws/resource-arn.ts";
import type { CloudContext, Service } from "../service.ts";
import type { Attributes } from "./message-digest.ts";
import { createMessageStore, type Message } from "./message-store.ts";
import { queueOperations, type Queue } from "./queue-operations.ts";

export interface Queues extends Service {
  readonly controls: {
    /** Sends as an AWS service does; throws when there is no such queue. */
    put(arn: string, body: string, attributes: Attributes): void;
    messages(arn: string): readonly Message[];
  };
}

/** The standard queues of a template, for events that could not be delivered. */
export function createQueues(
  context: CloudContext,
  options: { readonly queues: readonly { readonly name: string; readonly arn: string }[] },
): Queues {
  const { account, region, clock } = context;
  const queues: readonly Queue[] = options.queues.map((queue) => ({
    ...queue,
    messages: createMessageStore(clock),
  }));
  const byArn = (arn: string): Queue => {
    const queue = queues.find((each) => each.arn === arn);
    if (!queue) {
      throw new Error(
        `no queue ${arn}, there are: ${queues.map((each) => each.arn).join(", ") || "none"}`,
      );
    }
    return queue;
  };
  const protocol: JsonProtocol = {
    target: "AmazonSQS",
    iam: "sqs",
    contentType: "application/x-amz-json-1.0",
    operations: queueOperations({
      byName: (name) => queues.find((queue) => queue.name === name),
      urlOf: ({ name }) => `${context.origin()}/${account}/${name}`,
      arnOf: (name) => resourceArn({ account, region }, "sqs", name),
    }),
  };
  return {
    name: "sqs",
    endpointVariable: "AWS_ENDPOINT_URL_SQS",
    signingNames: ["sqs"],
    operation: (request) => jsonOperationView(protocol, request),
    handle: async (request) => answerJson(protocol, request),
    controls: {
      put: (arn, body, attributes) => void byArn(arn).messages.put(body, attributes),
      messages: (arn) => byArn(arn).messages.all(),
    },
    close: async () => undefined,
  };
}
