import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { afterEach, describe, expect, it } from "vitest";
import { eventBridgeEventBus } from "../../../../src/adapters/eventbridge/event-bus.ts";
import {
  clientOptions,
  exception,
  inTurn,
  json,
  scriptedService,
  type Script,
} from "../ecr/scripted-service.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function busThat(script: Script) {
  const server = await scriptedService(script);
  const client = new EventBridgeClient({ ...clientOptions, endpoint: server.origin });
  closing.push(() => server.close());
  return { bus: eventBridgeEventBus({ client }), server };
}

const taken = json({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
const notTaken = (ErrorCode: string) =>
  json({ FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: "because" }] });

describe("publishing an event", () => {
  it("names us as the source, on the default bus", async () => {
    const { bus, server } = await busThat(() => taken);
    await bus.publish("Promotion Ended", { promotion: "p-1" });
    expect(JSON.parse(server.requests[0]?.body.toString() ?? "")).toEqual({
      Entries: [
        { Source: "promoter", DetailType: "Promotion Ended", Detail: '{"promotion":"p-1"}' },
      ],
    });
  });

  // HTTP 200 with FailedEntryCount, and the two codes that may be tried again: EventBridge API reference, PutEvents, PutEventsResultEntry.
  it.each(["InternalFailure", "ThrottlingException"])(
    "puts the entry once more after %s",
    async (code) => {
      const { bus, server } = await busThat(inTurn(notTaken(code), taken));
      await bus.publish("Promotion Ended", {});
      expect(server.operations()).toEqual(["PutEvents", "PutEvents"]);
    },
  );

  it("fails when the entry is not taken the second time either", async () => {
    const { bus, server } = await busThat(() => notTaken("InternalFailure"));
    await expect(bus.publish("Promotion Ended", {})).rejects.toMatchObject({
      name: "BusUnavailable",
    });
    expect(server.requests).toHaveLength(2);
  });

  it("fails at once when trying again cannot help", async () => {
    const { bus, server } = await busThat(() => notTaken("MalformedDetail"));
    await expect(bus.publish("Promotion Ended", {})).rejects.toThrow(
      /MalformedDetail: because; check/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    exception("ThrottlingException"),
    exception("AccessDeniedException"),
    exception("InternalException", "because", 500),
    "drop",
  ] as const)("calls every failure by the one name there is: %j", async (answer) => {
    const { bus } = await busThat(() => answer);
    await expect(bus.publish("Promotion Ended", {})).rejects.toMatchObject({
      name: "BusUnavailable",
      message: expect.stringContaining("Promotion Ended"),
    });
  });
});
