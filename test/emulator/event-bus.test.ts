import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe } from "vitest";
import { eventBridgeEventBus } from "../../src/adapters/eventbridge/event-bus.ts";
import { eventBusContract } from "../contract/event-bus.contract.ts";
import { clientSettings, lacksEmulator } from "./emulator.ts";
import { startListener } from "./listener.ts";

describe.skipIf(lacksEmulator)("the event bus", () => {
  eventBusContract("an emulator's EventBridge", async () => {
    const client = new EventBridgeClient(clientSettings());
    const listener = await startListener();
    return {
      bus: eventBridgeEventBus({ client }),
      seen: (count) => listener.heard(count),
      async close() {
        await listener.stop();
        client.destroy();
      },
    };
  });
});
