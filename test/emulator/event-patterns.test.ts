import { readFileSync } from "node:fs";
import { EventBridgeClient, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import { compileEventPattern } from "@promoter/local-cloud/internal/eventbridge/event-pattern.ts";
import { matchesEvent } from "@promoter/local-cloud/internal/eventbridge/matches-event.ts";
import { describe, expect, it } from "vitest";
import { clientSettings, lacksEmulator } from "./emulator.ts";
import { randomPatterns, type RandomCase } from "./random-patterns.ts";

interface Row {
  readonly name: string;
  readonly pattern?: unknown;
  readonly patternText?: string;
  readonly event?: unknown;
  readonly eventText?: string;
  /** Of a valid pattern only. */
  readonly matches?: boolean;
}

/**
 * Rows that the emulator judges differently, each with the sentence that says it is wrong. An entry
 * that it judges rightly by now fails.
 */
const emulatorIsWrong: Readonly<Record<string, string>> = {
  // github.com/aws/event-ruler README, "Caveat: Compiled rules and JSON keys with dots".
  "dots in a key of the event":
    'these rules will match against following two events: … { "detail" : { "state.status": "running" } }',
  // github.com/aws/event-ruler 2.0.1, Event.java: only objects and arrays of an array get a membership of it. Tried with the engine itself.
  "a plain value beside a field of an object in one array":
    "a plain value stands beside all others of its array",
  "a plain value in the inner array of the object":
    "a plain value stands beside all others of its array",
};

const fixtures = new URL("../../local/test/fixtures/event-patterns/", import.meta.url);
const rowsOf = (file: string) =>
  (
    JSON.parse(readFileSync(new URL(file, fixtures), "utf8")) as { readonly rows: readonly Row[] }[]
  ).flatMap(({ rows }) => rows);
const textOf = ({ pattern, patternText }: Row) => patternText ?? JSON.stringify(pattern);

describe.skipIf(lacksEmulator)("an event pattern, as an emulator's EventBridge judges it", () => {
  it.each(["values.json", "operators.json", "ecr.json"].flatMap(rowsOf))(
    "decides $name: $matches",
    async (row) => {
      expect(await judge(row)).toBe(
        row.name in emulatorIsWrong ? row.matches === false : row.matches,
      );
    },
  );

  it.each(rowsOf("invalid.json"))("is refused for $name", async (row) => {
    expect(await judge(row)).toBe("InvalidEventPatternException");
  });

  it("agrees with the local one on random patterns and events", async () => {
    const cases = randomPatterns(2_000, 1);
    const emulated: (boolean | string)[] = [];
    for (const one of cases) emulated.push(await judge({ name: "random", ...one }));
    const local = cases.map(locally);
    expect(cases.filter((_, index) => local[index] !== emulated[index])).toEqual([]);
    // Enough of them match for the agreement to say something.
    expect(local.filter((decision) => decision === true).length).toBeGreaterThan(100);
  });
});

function locally({ pattern, event }: RandomCase): boolean | string {
  const compiled = compileEventPattern(JSON.stringify(pattern));
  return compiled.kind === "valid"
    ? matchesEvent(compiled.pattern, event)
    : "InvalidEventPatternException";
}

async function judge(row: Row): Promise<boolean | string> {
  const client = new EventBridgeClient(clientSettings());
  try {
    return (
      (
        await client.send(
          new TestEventPatternCommand({
            EventPattern: textOf(row),
            Event: row.eventText ?? JSON.stringify(row.event ?? {}),
          }),
        )
      ).Result ?? "nothing"
    );
  } catch (error) {
    return (error as Error).name;
  } finally {
    client.destroy();
  }
}
