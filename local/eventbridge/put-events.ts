import * as z from "zod";
import { jsonOperation, ok, refused, type JsonOperation } from "../aws/json-protocol.ts";
import { isObject, parseJson } from "../json-value.ts";
import type { CloudEvent } from "../service.ts";

const entry = z.object({
  Time: z.number().optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
});

const input = z.object({
  Entries: z
    .array(entry)
    .min(1, "Member must have length greater than or equal to 1")
    .max(10, "Member must have length less than or equal to 10"),
});

type Entry = z.output<typeof entry>;

interface Bus {
  readonly arn: string;
  /** Takes an event in and gives back its id. */
  accept(event: CloudEvent, time: number | undefined): string;
  /** An id for an event that goes nowhere. */
  newId(): string;
}

/**
 * PutEvents: the answer is 200 even if entries fail; each says so at its own index (user guide
 * "eb-putevents").
 */
export function putEvents(bus: Bus): JsonOperation {
  return jsonOperation({
    input,
    access: "write",
    view: ({ Entries }) => ({
      resources: [...new Set(Entries.map(({ EventBusName }) => busArn(bus.arn, EventBusName)))],
      conditions: {
        "events:source": present(Entries, "Source"),
        "events:detail-type": present(Entries, "DetailType"),
      },
    }),
    run({ Entries }) {
      const size = Entries.reduce((sum, each) => sum + entrySize(each), 0);
      if (size > maxRequest) {
        return refused(
          "ValidationException",
          "Total size of the entries in the request is over the limit.",
        );
      }
      const results = Entries.map((each) => result(bus, each));
      return ok({
        FailedEntryCount: results.filter((each) => "ErrorCode" in each).length,
        Entries: results,
      });
    },
  });
}

/** "must be less than 1 MB (1,048,576 bytes)"; a request of exactly that size was seen to pass. */
const maxRequest = 1_048_576;
const maxDetailType = 128;

function result(bus: Bus, each: Entry): Readonly<Record<string, string>> {
  const checked = check(each);
  if (checked.kind === "refused") return { ErrorCode: checked.code, ErrorMessage: checked.message };
  // "If you use PutEvents to publish an event to an event bus that does not exist … EventBridge
  // will send a 200 response" (same page).
  if (busArn(bus.arn, each.EventBusName) !== bus.arn) return { EventId: bus.newId() };
  return {
    EventId: bus.accept(checked.event, each.Time === undefined ? undefined : each.Time * 1_000),
  };
}

type Checked =
  | { readonly kind: "event"; readonly event: CloudEvent }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/**
 * Codes: API reference PutEventsResultEntry. Messages of missing fields as captured from the
 * service (github.com/getmoto/moto, tests/test_events).
 */
function check({ Source, DetailType, Detail, Resources }: Entry): Checked {
  if (!Source) return missing("Source");
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  if (DetailType.length > maxDetailType) {
    return invalid(
      "InvalidArgument",
      `Parameter DetailType is not valid. Reason: it is longer than ${maxDetailType} characters.`,
    );
  }
  if (Source.startsWith("aws.")) {
    return invalid("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const detail = parseObject(Detail);
  if (!detail) return invalid("MalformedDetail", "Detail is malformed.");
  return {
    kind: "event",
    event: { source: Source, "detail-type": DetailType, resources: Resources ?? [], detail },
  };
}

function missing(name: string): Checked {
  return invalid(
    "InvalidArgument",
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

function invalid(code: string, message: string): Checked {
  return { kind: "refused", code, message };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

function present(entries: readonly Entry[], field: "Source" | "DetailType"): readonly string[] {
  return [...new Set(entries.map((each) => each[field]).filter((value) => value !== undefined))];
}

/** Buses are named by name or by ARN. */
function busArn(defaultBus: string, name = "default"): string {
  return name.startsWith("arn:") ? name : defaultBus.replace(/[^/]+$/, name);
}

/** "Calculating PutEvents event entry size" (user guide "eb-putevents"). */
function entrySize({
  Time,
  Source = "",
  DetailType = "",
  Detail = "",
  Resources = [],
}: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
