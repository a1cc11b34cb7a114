import { dynamodbIgnoredPushes } from "../../src/adapters/dynamodb/ignored-pushes.ts";
import { fakeIgnoredPushes } from "../fakes/ignored-pushes.ts";
import { startTable } from "../unit/adapters/dynamodb/start-table.ts";
import { ignoredPushesContract } from "./ignored-pushes.contract.ts";

ignoredPushesContract("fake", async () => ({
  ignored: fakeIgnoredPushes(),
  close: async () => {},
}));
ignoredPushesContract("dynamodb", async () => {
  const table = await startTable();
  return { ignored: dynamodbIgnoredPushes(table), close: () => table.close() };
});
