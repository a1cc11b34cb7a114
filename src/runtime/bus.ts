import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { eventBridgeEventBus } from "../adapters/eventbridge/event-bus.ts";
import type { EventBus } from "../ports/event-bus.ts";
import { clientSettings, once } from "./client-settings.ts";
import type { World } from "./world.ts";

export const busOf = (world: World): EventBus => eventBridgeEventBus({ client: once(world, "eventbridge", () => new EventBridgeClient(clientSettings(world, "EVENTBRIDGE"))) });
