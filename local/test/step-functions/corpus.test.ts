import { describe, expect, it } from "vitest";
import { loadDefinition } from "../../step-functions/definition/load-definition.ts";
import { aslDocuments } from "./asl-document.ts";
import { compareOutcome } from "./compare-outcome.ts";
import { runDocument } from "./run-document.ts";

const documents = aslDocuments();

describe("state machine documents", () => {
  it("are at least 60, each with the source of its expectation", () => {
    expect(documents.length).toBeGreaterThanOrEqual(60);
    expect(documents.filter(({ source }) => !source)).toEqual([]);
    expect(new Set(documents.map(({ name }) => name)).size).toBe(documents.length);
  });

  it.each(documents.filter(({ refused, faults }) => !refused && !faults))(
    "$file: $name",
    async (document) => {
      const { actual, expected } = compareOutcome(document, await runDocument(document));
      expect(actual).toEqual(expected);
    },
  );

  it.each(documents.filter(({ refused }) => refused))(
    "refuses $name",
    ({ definition, refused = [] }) => {
      const message = messageOf(() => loadDefinition(definition));
      expect({ message, missing: refused.filter((text) => !message.includes(text)) }).toEqual({
        message,
        missing: [],
      });
    },
  );

  it.each(documents.filter(({ faults }) => faults))(
    "names of $name the fault alone",
    ({ definition, faults = [] }) => {
      expect(messageOf(() => loadDefinition(definition)).split("\n")).toEqual(faults);
    },
  );
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "it was accepted";
  } catch (error) {
    return error instanceof Error && error.name === "InvalidDefinition"
      ? error.message
      : `not an InvalidDefinition: ${String(error)}`;
  }
}
