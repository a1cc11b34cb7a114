import { randomBytes } from "node:crypto";
import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDocument, storeDocument } from "../../../../src/adapters/dynamodb/blob.ts";
import { deleteItem } from "../../../../src/adapters/dynamodb/table.ts";

const limit = 350 * 1024;

describe("a document in the table", () => {
  let table: StartedTable;
  beforeEach(async () => {
    table = await startTable();
  });
  afterEach(() => table.close());

  it.each([
    ["as text up to 350 KB", "x".repeat(limit - 2), ["document"]],
    ["in chunks beyond", "x".repeat(limit - 1), ["blob", "chunks"]],
    [
      "in chunks when its bytes, not its characters, are more",
      "ä".repeat(limit / 2),
      ["blob", "chunks"],
    ],
  ])("is stored %s", async (_, value, attributes) => {
    const stored = await storeDocument(table, value);
    expect(Object.keys(stored)).toEqual(attributes);
    expect(await readDocument(table, stored)).toBe(value);
  });

  it("is compressed: 2 MB of the same take one chunk", async () => {
    expect(await storeDocument(table, "x".repeat(2_000_000))).toMatchObject({ chunks: 1 });
  });

  it("is kept in order over more than ten chunks", async () => {
    const value = randomBytes(4_000_000).toString("base64");
    const stored = await storeDocument(table, value);
    expect(stored).toMatchObject({ chunks: expect.any(Number) });
    expect("chunks" in stored && stored.chunks > 10).toBe(true);
    expect(await readDocument<string>(table, stored)).toBe(value);
  });

  it("is refused when a chunk is gone", async () => {
    const stored = await storeDocument(table, randomBytes(600_000).toString("base64"));
    if (!("blob" in stored)) throw new Error("stored as text");
    await deleteItem(table, { pk: `BLOB#${stored.blob}`, sk: "0001" });
    await expect(readDocument(table, stored)).rejects.toMatchObject({
      name: "StoreRefused",
      message: expect.stringContaining("restore"),
    });
  });
});
