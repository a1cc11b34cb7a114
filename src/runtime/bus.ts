import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { eventBridgeEventBus } from "../adapters/eventbridge/event-bus.ts";
import type { EventBus } from "../ports/event-bus.ts";
import { awsClient } from "./aws-client.ts";
import type { World } from "./world.ts";

export const busOf = (world: World): EventBus =>
  eventBridgeEventBus({
    client: awsClient(
      world,
      { service: "EVENTBRIDGE" },
      (settings) => new EventBridgeClient(settings),
    ),
  });
