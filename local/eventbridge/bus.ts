import { randomUUID } from "node:crypto";
import type { CloudContext, CloudEvent } from "../service.ts";
import { createDeliveries, type Delivery, type DeliveryOptions } from "./deliveries.ts";
import { matchesEvent } from "./matches-event.ts";
import { readRules, type BusEvent, type Rule, type RuleDefinition } from "./rule.ts";
import { startSchedules } from "./start-schedules.ts";

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
  readonly rules: readonly Rule[];
  newId(): string;
  /** Puts an event on the bus and gives back its id; `time` in epoch milliseconds. */
  accept(event: CloudEvent, time?: number): string;
  /** The most recent events and deliveries, oldest first. */
  events(): readonly BusEvent[];
  deliveries(): readonly Delivery[];
  behave(copies: Copies): void;
  close(): void;
}

const once: Copies = () => [0];
const maxRemembered = 1_000;

export function createBus(context: CloudContext, options: BusOptions): Bus {
  const { deliver, deadLetter, random = Math.random, newId = randomUUID } = options;
  const deliveries = createDeliveries(context, { deliver, deadLetter, random, newId });
  const events: BusEvent[] = [];
  let copies = once;

  function sendTo(rule: Rule, event: BusEvent): void {
    for (const target of rule.targets) {
      for (const delay of copies(event)) deliveries.start({ event, rule, target }, delay);
    }
  }

  const rules = readRules(options.rules);
  const timers = startSchedules(context.clock, rules, (rule, scheduledAt) => {
    sendTo(rule, busEvent(context, scheduled(rule), { id: newId(), time: scheduledAt }));
  });

  return {
    rules,
    newId,
    accept(event, time = context.clock.now()) {
      const taken = busEvent(context, event, { id: newId(), time });
      if (events.push(taken) > maxRemembered) events.shift();
      for (const rule of rules) {
        if (rule.pattern && matchesEvent(rule.pattern, taken)) sendTo(rule, taken);
      }
      return taken.id;
    },
    events: () => [...events],
    deliveries: () => deliveries.list(),
    behave(next) {
      copies = next;
    },
    close() {
      timers.close();
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
