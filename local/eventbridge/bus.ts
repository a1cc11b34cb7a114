import { randomUUID } from "node:crypto";
import type { CloudContext, CloudEvent } from "../service.ts";
import { createDeliveries, type Delivery, type DeliveryOptions } from "./deliveries.ts";
import { matchesEvent } from "./matches-event.ts";
import { createRuleBook, type RuleBook } from "./rule-book.ts";
import { readRules, type BusEvent, type Rule, type RuleDefinition } from "./rule.ts";

export interface BusOptions extends Pick<DeliveryOptions, "deliver" | "deadLetter"> {
  readonly rules: readonly RuleDefinition[];
  readonly random?: DeliveryOptions["random"];
  readonly newId?: DeliveryOptions["newId"];
}

/**
 * When the copies of an event leave for a target, in milliseconds from now: `[0]` once, `[0, 0]`
 * twice, `[]` never. The bus delivers at least once and in no order, and AWS services emit on a
 * best-effort basis; tests ask for all of it.
 */
export type Copies = (event: BusEvent) => readonly number[];

export interface Bus {
  readonly book: RuleBook;
  rules(): readonly Rule[];
  newId(): string;
  /** Puts an event on the bus and gives back its id; `time` in epoch milliseconds. */
  accept(event: CloudEvent, time?: number): string;
  /**
   * Sends a complete event, such as a recorded one, through the rules; the number of targets that
   * it goes to.
   */
  inject(event: BusEvent): number;
  /** Sends an event of this bus again, under its own id; undefined when it is not remembered. */
  replay(eventId: string): number | undefined;
  /** The most recent events and deliveries, oldest first. */
  events(): readonly BusEvent[];
  deliveries(): readonly Delivery[];
  behave(copies: Copies): void;
  close(): void;
}

const once: Copies = () => [0];
const mostRemembered = 1_000;

export function createBus(context: CloudContext, options: BusOptions): Bus {
  const { deliver, deadLetter, random = Math.random, newId = randomUUID } = options;
  const deliveries = createDeliveries(context, { deliver, deadLetter, random, newId });
  const events: BusEvent[] = [];
  let copies = once;

  function sendTo(rule: Rule, event: BusEvent): number {
    for (const target of rule.targets) {
      for (const delay of copies(event)) deliveries.start({ event, rule, target }, delay);
    }
    return rule.targets.length;
  }

  function inject(event: BusEvent): number {
    if (events.push(event) > mostRemembered) events.shift();
    const rules = book
      .all()
      .filter(
        ({ state, pattern }) => state === "ENABLED" && pattern && matchesEvent(pattern, event),
      );
    return rules.reduce((sum, rule) => sum + sendTo(rule, event), 0);
  }

  const book = createRuleBook(context.clock, (rule, scheduledAt) => {
    sendTo(rule, busEvent(context, scheduled(rule), { id: newId(), time: scheduledAt }));
  });
  for (const rule of readRules(options.rules)) book.put(rule);

  return {
    book,
    rules: () => book.all(),
    newId,
    accept(event, time = context.clock.now()) {
      const taken = busEvent(context, event, { id: newId(), time });
      inject(taken);
      return taken.id;
    },
    inject,
    replay(eventId) {
      const event = events.find(({ id }) => id === eventId);
      return event && inject(event);
    },
    events: () => [...events],
    deliveries: () => deliveries.list(),
    behave(next) {
      copies = next;
    },
    close() {
      book.close();
      deliveries.close();
    },
  };
}

function busEvent(
  { account, region }: CloudContext,
  event: CloudEvent,
  stamp: { readonly id: string; readonly time: number },
): BusEvent {
  const time = new Date(stamp.time).toISOString().replace(/\.\d+Z$/, "Z");
  const { "detail-type": detailType, source, resources, detail } = event;
  return {
    version: "0",
    id: stamp.id,
    "detail-type": detailType,
    source,
    account,
    time,
    region,
    resources,
    detail,
  };
}

/**
 * The event of a scheduled rule, which goes to that rule's targets alone (user guide
 * "eb-run-lambda-schedule").
 */
function scheduled(rule: Rule): CloudEvent {
  return {
    source: "aws.events",
    "detail-type": "Scheduled Event",
    resources: [rule.arn],
    detail: {},
  };
}
