import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbReleases } from "../../src/adapters/dynamodb/releases.ts";
import { fakeReleases } from "../fakes/releases.ts";
import { releasesContract } from "./releases.contract.ts";

releasesContract("fake", async () => ({ releases: fakeReleases(), close: async () => {} }));
releasesContract("dynamodb", async () => {
  const table = await startTable();
  return { releases: dynamodbReleases(table), close: () => table.close() };
});
