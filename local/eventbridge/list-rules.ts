import * as z from "zod";
import { jsonOperation, ok, refused, type JsonOperation } from "../aws/json-protocol.ts";
import type { Rule } from "./rule.ts";

const input = z.object({
  EventBusName: z.string().optional(),
  NamePrefix: z.string().optional(),
  NextToken: z.string().optional(),
  Limit: z.number().int().min(1).max(100).optional(),
});

/** The rules of the default bus, which are made from the template alone. */
export function listRules(all: readonly Rule[]): JsonOperation {
  return jsonOperation({
    input,
    access: "read",
    view: () => ({ resources: ["*"] }),
    run({ NamePrefix = "", EventBusName, NextToken = "", Limit = 100 }) {
      if (!isDefault(EventBusName)) {
        return refused("ResourceNotFoundException", `Event bus ${EventBusName} does not exist.`);
      }
      const rules = all.toSorted((left, right) => (left.name < right.name ? -1 : 1));
      const rest = rules.filter(({ name }) => name.startsWith(NamePrefix) && name > NextToken);
      const shown = rest.slice(0, Limit);
      return ok({
        Rules: shown.map(ruleView),
        NextToken: rest.length > Limit ? shown.at(-1)?.name : undefined,
      });
    },
  });
}

function ruleView({
  name,
  arn,
  patternText,
  scheduleExpression,
}: Rule): Readonly<Record<string, unknown>> {
  return {
    Name: name,
    Arn: arn,
    EventPattern: patternText,
    ScheduleExpression: scheduleExpression,
    State: "ENABLED",
    EventBusName: "default",
  };
}

function isDefault(bus: string | undefined): boolean {
  return bus === undefined || bus === "default" || bus.endsWith(":event-bus/default");
}
