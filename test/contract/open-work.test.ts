import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbOpenWork } from "../../src/adapters/dynamodb/open-work.ts";
import { fakeOpenWork } from "../fakes/open-work.ts";
import { openWorkContract } from "./open-work.contract.ts";

openWorkContract("fake", async () => ({ openWork: fakeOpenWork(), close: async () => {} }));
openWorkContract("dynamodb", async () => {
  const table = await startTable();
  return { openWork: dynamodbOpenWork(table), close: () => table.close() };
});
