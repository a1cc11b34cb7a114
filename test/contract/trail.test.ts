import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbTrail } from "../../src/adapters/dynamodb/trail.ts";
import { fakeTrail } from "../fakes/trail.ts";
import { trailContract } from "./trail.contract.ts";

trailContract("fake", async () => ({ trail: fakeTrail(), close: async () => {} }));
trailContract("dynamodb", async () => {
  const table = await startTable();
  return { trail: dynamodbTrail(table), close: () => table.close() };
});
