import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbWaits } from "../../src/adapters/dynamodb/waits.ts";
import { fakeWaits } from "../fakes/waits.ts";
import { waitsContract } from "./waits.contract.ts";

waitsContract("fake", async () => ({ waits: fakeWaits(), close: async () => {} }));
waitsContract("dynamodb", async () => {
  const table = await startTable();
  return { waits: dynamodbWaits(table), close: () => table.close() };
});
