import * as z from "zod";
import { compileEventPattern } from "./event-pattern.ts";
import { jsonOperation, ok, refused, type JsonOperation, type Outcome } from "./json-protocol.ts";
import { matchesEvent } from "./matches-event.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Rule, Target } from "./rule.ts";

const onBus = z.object({ EventBusName: z.string().optional() });
const named = onBus.extend({ Name: z.string() });
const page = {
  NextToken: z.string().optional(),
  Limit: z.number().int().min(1).max(100).optional(),
};

/**
 * What can be done to the rules of the default bus, and TestEventPattern. Rules are made from the
 * template alone.
 */
export function ruleOperations(
  book: RuleBook,
  ruleArn: (name: string) => string,
): Readonly<Record<string, JsonOperation>> {
  const view = (name: string) => ({ resources: [ruleArn(name)] });
  const known = (name: string, bus: string | undefined, use: (rule: Rule) => Outcome): Outcome => {
    if (!isDefault(bus)) return noBus(bus);
    const rule = book.find(name);
    return rule
      ? use(rule)
      : refused("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
  };
  const switchRule = (state: Rule["state"]) =>
    jsonOperation({
      input: named,
      access: "write",
      view: ({ Name }) => view(Name),
      run: ({ Name, EventBusName }) =>
        known(Name, EventBusName, (rule) => change(book, { ...rule, state })),
    });
  return {
    ListRules: listRules(book),
    DescribeRule: jsonOperation({
      input: named,
      access: "read",
      view: ({ Name }) => view(Name),
      run: ({ Name, EventBusName }) => known(Name, EventBusName, (rule) => ok(ruleView(rule))),
    }),
    ListTargetsByRule: jsonOperation({
      input: onBus.extend({ Rule: z.string(), ...page }),
      access: "read",
      view: ({ Rule: name }) => view(name),
      run: ({ Rule: name, EventBusName }) =>
        known(name, EventBusName, ({ targets }) => ok({ Targets: targets.map(targetView) })),
    }),
    DisableRule: switchRule("DISABLED"),
    EnableRule: switchRule("ENABLED"),
    RemoveTargets: jsonOperation({
      input: onBus.extend({ Rule: z.string(), Ids: z.array(z.string()).min(1) }),
      access: "write",
      view: ({ Rule: name }) => view(name),
      run: ({ Rule: name, Ids, EventBusName }) =>
        known(name, EventBusName, (rule) => removeTargets(book, rule, Ids)),
    }),
    DeleteRule: jsonOperation({
      input: named,
      access: "write",
      view: ({ Name }) => view(Name),
      run: ({ Name, EventBusName }) =>
        isDefault(EventBusName) ? deleteRule(book, Name) : noBus(EventBusName),
    }),
    TestEventPattern: testEventPattern,
  };
}

function listRules(book: RuleBook): JsonOperation {
  return jsonOperation({
    input: onBus.extend({ NamePrefix: z.string().optional(), ...page }),
    access: "read",
    view: () => ({ resources: ["*"] }),
    run({ NamePrefix = "", EventBusName, NextToken = "", Limit = 100 }) {
      if (!isDefault(EventBusName)) return noBus(EventBusName);
      const rules = book.all().toSorted((left, right) => (left.name < right.name ? -1 : 1));
      const rest = rules.filter(({ name }) => name.startsWith(NamePrefix) && name > NextToken);
      const shown = rest.slice(0, Limit);
      return ok({
        Rules: shown.map(ruleView),
        NextToken: rest.length > Limit ? shown.at(-1)?.name : undefined,
      });
    },
  });
}

function change(book: RuleBook, rule: Rule): Outcome {
  book.put(rule);
  return ok();
}

function removeTargets(book: RuleBook, rule: Rule, ids: readonly string[]): Outcome {
  book.put({ ...rule, targets: rule.targets.filter(({ id }) => !ids.includes(id)) });
  return ok({ FailedEntryCount: 0, FailedEntries: [] });
}

/**
 * "Before you can delete the rule, you must remove all targets"; "If you call delete rule multiple
 * times … all calls will succeed" (API_DeleteRule).
 */
function deleteRule(book: RuleBook, name: string): Outcome {
  if (book.find(name)?.targets.length) {
    return refused("ValidationException", "Rule can't be deleted since it has targets.");
  }
  book.remove(name);
  return ok();
}

/**
 * API_TestEventPattern names the mandatory fields; `resources` is left out in practice (captured,
 * localstack test_events_patterns.py).
 */
const testedEvent = z
  .record(z.string(), z.unknown())
  .refine((event) =>
    ["id", "account", "source", "time", "region", "detail-type"].every(
      (field) => typeof event[field] === "string",
    ),
  );

const testEventPattern = jsonOperation({
  input: z.object({ EventPattern: z.string(), Event: z.string() }),
  access: "read",
  view: () => ({ resources: ["*"] }),
  run({ EventPattern, Event }) {
    const event = parsedEvent(Event);
    if (!event) return refused("ValidationException", "Parameter Event is not valid.");
    const compiled = compileEventPattern(EventPattern);
    if (compiled.kind === "valid") return ok({ Result: matchesEvent(compiled.pattern, event) });
    return refused(
      "InvalidEventPatternException",
      `Event pattern is not valid. Reason: ${compiled.reason}`,
    );
  },
});

function parsedEvent(text: string): unknown {
  try {
    return testedEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function ruleView({
  name,
  arn,
  patternText,
  scheduleExpression,
  state,
}: Rule): Readonly<Record<string, unknown>> {
  return {
    Name: name,
    Arn: arn,
    EventPattern: patternText,
    ScheduleExpression: scheduleExpression,
    State: state,
    EventBusName: "default",
  };
}

function targetView(target: Target): Readonly<Record<string, unknown>> {
  const { inputTransformer, retryPolicy, deadLetterArn } = target;
  return {
    Id: target.id,
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    InputPath: target.inputPath,
    InputTransformer: inputTransformer && {
      InputPathsMap: inputTransformer.inputPathsMap,
      InputTemplate: inputTransformer.inputTemplate,
    },
    RetryPolicy: retryPolicy && {
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
    },
    DeadLetterConfig: deadLetterArn && { Arn: deadLetterArn },
  };
}

function isDefault(bus: string | undefined): boolean {
  return bus === undefined || bus === "default" || bus.endsWith(":event-bus/default");
}

function noBus(bus: string | undefined): Outcome {
  return refused("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
}
