import { readFileSync } from "node:fs";
import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { withoutApproval } from "./shop.ts";
import { startWorld } from "./start-world.ts";

/**
 * An execution goes on for days under the definition that it was started with, whatever is deployed
 * meanwhile.
 */
interface State {
  readonly Type: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: object | string };
  readonly Output?: unknown;
}
interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

function withDefinition(
  change: (definition: Definition) => Definition,
): (template: Template) => Template {
  return (template) => {
    const machine = template.Resources["Promotion"];
    const text = machine?.Properties?.["DefinitionString"];
    if (!machine || typeof text !== "string") throw new Error("the template has no state machine");
    const DefinitionString = JSON.stringify(change(JSON.parse(text) as Definition));
    const changed = { ...machine, Properties: { ...machine.Properties, DefinitionString } };
    return { ...template, Resources: { ...template.Resources, Promotion: changed } };
  };
}

const eachTask =
  (change: (state: State) => State) =>
  ({ States, ...definition }: Definition): Definition => ({
    ...definition,
    States: Object.fromEntries(
      Object.entries(States).map(([name, state]) => [
        name,
        state.Type === "Task" ? change(state) : state,
      ]),
    ),
  });

/** As it was before it named partitions, and was patient with whatever it does not know. */
function yesterday(): Definition {
  const file = new URL("../fixtures/state-machines/before-partitions.asl.yml", import.meta.url);
  return parse(readFileSync(file, "utf8"), { merge: true }) as Definition;
}

const tomorrowsPayload = ({ Arguments, ...state }: State): State => ({
  ...state,
  ...(Arguments && { Arguments: { ...Arguments, Payload: withTomorrow(Arguments.Payload) } }),
});

/** A payload is an object of expressions, or one expression. */
function withTomorrow(payload: object | string): object | string {
  return typeof payload === "string"
    ? payload.replace(/^\{%(.*)%\}$/s, '{% $merge([$1, {"tomorrow": {"since": 1}}]) %}')
    : { ...payload, tomorrow: { since: 1 } };
}

/** Functions of tomorrow answer more than the machine of today asks for. */
const tomorrowsAnswer = (state: State): State =>
  state.Output === "{% $states.result.Payload %}"
    ? { ...state, Output: '{% $merge([$states.result.Payload, {"tomorrow": true}]) %}' }
    : state;

const observing = (yaml: string): string =>
  withoutApproval(yaml).replace(/\n( *)podSpec:/, "\n$1observe: { for: 1h }\n$1podSpec:");

describe("functions and a state machine of different versions", () => {
  test.each([
    ["yesterday's state machine and today's functions", () => yesterday()],
    ["tomorrow's state machine and today's functions", eachTask(tomorrowsPayload)],
    ["today's state machine and tomorrow's functions", eachTask(tomorrowsAnswer)],
  ])("%s promote", async (_, change) => {
    const world = await startWorld({ changeTemplate: withDefinition(change) });
    await world.pushRelease("1.4.2");
    expect(await world.approve()).toBe("Promoted");
  });

  test("an execution of before there was ObserveRelease goes on without it", async () => {
    const world = await startWorld({
      yaml: observing,
      changeTemplate: withDefinition(() => yesterday()),
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
  });

  test.each([
    ["yesterday's state machine", () => yesterday()],
    ["tomorrow's state machine", eachTask(tomorrowsPayload)],
  ])("%s rolls back through today's functions", async (_, change) => {
    const world = await startWorld({
      yaml: withoutApproval,
      changeTemplate: withDefinition(change),
    });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    for (const cluster of world.cloud.clusters.values()) {
      cluster.behave("orderbook-api:dev-1.4.2", { kind: "crash", exitCode: 1 });
    }
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("RolledBack");
  });

  test("what a person writes may hold nothing that is not known", async () => {
    const world = await startWorld();
    await world.promote("1.4.2", { tomorrow: true });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain('unknown key "tomorrow"');
  });
});
