import { startTable } from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { dynamodbPromotions } from "../../src/adapters/dynamodb/promotions.ts";
import { fakePromotions } from "../fakes/promotions.ts";
import { promotionsContract } from "./promotions.contract.ts";

promotionsContract("fake", async () => ({ promotions: fakePromotions(), close: async () => {} }));
promotionsContract("dynamodb", async () => {
  const table = await startTable();
  return { promotions: dynamodbPromotions(table), close: () => table.close() };
});
