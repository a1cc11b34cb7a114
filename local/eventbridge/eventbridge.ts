import { answerJson, jsonOperationView, type JsonProtocol } from "../aws/json-protocol.ts";
import { resourceArn } from "../aws/resource-arn.ts";
import type { CloudContext, CloudEvent, Service } from "../service.ts";
import { createBus, type Bus, type BusOptions } from "./bus.ts";
import { listRules } from "./list-rules.ts";
import { putEvents } from "./put-events.ts";

export interface EventBridge extends Service {
  /** Puts an event on the bus as an AWS service does, and gives back its id. */
  emit(event: CloudEvent): string;
  /** For status pages and tests. */
  readonly controls: Pick<Bus, "events" | "deliveries" | "behave">;
}

/**
 * The default event bus (the classic one, with rules and targets) of the cloud's account and
 * Region.
 */
export function createEventBridge(context: CloudContext, options: BusOptions): EventBridge {
  const bus = createBus(context, options);
  const arnOf = (resource: string): string => resourceArn(context, "events", resource);
  const protocol: JsonProtocol = {
    target: "AWSEvents",
    iam: "events",
    contentType: "application/x-amz-json-1.1",
    operations: {
      PutEvents: putEvents({ ...bus, arn: arnOf("event-bus/default") }),
      ListRules: listRules(bus.rules),
    },
  };
  return {
    name: "eventbridge",
    endpointVariable: "AWS_ENDPOINT_URL_EVENTBRIDGE",
    signingNames: ["events"],
    operation: (request) => jsonOperationView(protocol, request),
    handle: async (request) => answerJson(protocol, request),
    emit: (event) => bus.accept(event),
    controls: bus,
    close: async () => bus.close(),
  };
}
