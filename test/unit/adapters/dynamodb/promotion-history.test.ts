import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamodbPromotions } from "../../../../src/adapters/dynamodb/promotions.ts";

describe("the mark that continues the history", () => {
  let table: StartedTable;
  beforeAll(async () => {
    table = await startTable();
  });
  afterAll(() => table.close());

  it.each([["not ours"], [Buffer.from("LOCK").toString("base64url")], [""]])(
    "is refused when it is %j",
    async (before) => {
      const key = { application: "orderbook", environment: "production" };
      await expect(
        dynamodbPromotions(table).history(key, { limit: 5, before }),
      ).rejects.toMatchObject({ name: "InvalidInput" });
    },
  );
});
