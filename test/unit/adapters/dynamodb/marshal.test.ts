import { describe, expect, it } from "vitest";
import { fieldsOf, marshal, unmarshal } from "../../../../src/adapters/dynamodb/marshal.ts";

describe("data as attributes of an item", () => {
  // Attribute types: DynamoDB API reference, AttributeValue.
  it.each([
    ["a text", "größer 🚀", { S: "größer 🚀" }],
    ["an empty text", "", { S: "" }],
    ["a time", 1_767_603_600_000, { N: "1767603600000" }],
    ["a fraction", -0.5, { N: "-0.5" }],
    ["a truth", false, { BOOL: false }],
    ["nothing", null, { NULL: true }],
    ["bytes", new Uint8Array([0, 255]), { B: new Uint8Array([0, 255]) }],
    ["a set", new Set(["a", "b"]), { SS: ["a", "b"] }],
    ["a list", ["a", 1, []], { L: [{ S: "a" }, { N: "1" }, { L: [] }] }],
    ["an object", { a: { b: [] } }, { M: { a: { M: { b: { L: [] } } } } }],
  ])("keeps %s", (_, value, attribute) => {
    expect(marshal({ value })).toEqual({ value: attribute });
    expect(unmarshal({ value: attribute })).toEqual({ value });
  });

  it("leaves out what is undefined, at every depth", () => {
    expect(Object.keys(marshal({ a: undefined, b: 1 }))).toEqual(["b"]);
    expect(marshal({ m: { a: undefined } })).toStrictEqual({ m: { M: {} } });
  });

  it("makes a text that was cut within a character well-formed, as UTF-8 has no form for half of one", () => {
    expect(marshal({ text: "🚀".slice(0, 1) })).toEqual({ text: { S: "\uFFFD" } });
  });

  it("returns what is stored without what only the table needs", () => {
    const item = marshal({ pk: "a", sk: "b", schemaVersion: 1, writer: "w", version: "1.4.2" });
    expect(fieldsOf(item)).toStrictEqual({ version: "1.4.2" });
  });

  it("refuses an item of a form that it does not know", () => {
    const item = marshal({ pk: "PROMO#p-1", sk: "META", schemaVersion: 2 });
    expect(() => fieldsOf(item)).toThrow(
      expect.objectContaining({
        name: "StoreRefused",
        message: expect.stringContaining("PROMO#p-1/META"),
      }),
    );
  });
});
