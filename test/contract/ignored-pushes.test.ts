import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbIgnoredPushes } from "../../src/adapters/dynamodb/ignored-pushes.ts";
import { fakeIgnoredPushes } from "../fakes/ignored-pushes.ts";
import { ignoredPushesContract } from "./ignored-pushes.contract.ts";

ignoredPushesContract("fake", async () => ({
  ignored: fakeIgnoredPushes(),
  close: async () => {},
}));
ignoredPushesContract("dynamodb", async () => {
  const table = await startTable();
  return { ignored: dynamodbIgnoredPushes(table), close: () => table.close() };
});
