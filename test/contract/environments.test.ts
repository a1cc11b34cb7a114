import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbEnvironments } from "../../src/adapters/dynamodb/environments.ts";
import { fakeEnvironments } from "../fakes/environments.ts";
import { environmentsContract } from "./environments.contract.ts";

environmentsContract("fake", async () => ({
  environments: fakeEnvironments(),
  close: async () => {},
}));
environmentsContract("dynamodb", async () => {
  const table = await startTable();
  return { environments: dynamodbEnvironments(table), close: () => table.close() };
});
