import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { virtualClock } from "@promoter/local-cloud/clock";
import { createEventBridge } from "@promoter/local-cloud/internal/eventbridge/eventbridge.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { eventBridgeEventBus } from "../../src/adapters/eventbridge/event-bus.ts";
import { fakeEventBus } from "../fakes/event-bus.ts";
import { eventBusContract } from "./event-bus.contract.ts";

eventBusContract("the fake", async () => {
  const bus = fakeEventBus();
  return {
    bus,
    seen: async () => bus.published.map((event) => ({ source: "promoter", ...event })),
    close: async () => undefined,
  };
});

eventBusContract("EventBridge", async () => {
  const service = createEventBridge(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock: virtualClock(),
      origin: () => "",
      emit: () => undefined,
      track: (work) => work,
    },
    { rules: [], deliver: async () => ({ kind: "ok" }), deadLetter: () => undefined },
  );
  const gateway = await startGateway({ services: () => [service] });
  const client = new EventBridgeClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  return {
    bus: eventBridgeEventBus({ client }),
    seen: async () =>
      service.controls
        .events()
        .map((event) => ({
          source: event.source,
          detailType: event["detail-type"],
          detail: event.detail,
        })),
    async close() {
      client.destroy();
      await gateway.close();
      await service.close();
    },
  };
});
