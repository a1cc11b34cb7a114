import { dynamodbPromotions } from "../../src/adapters/dynamodb/promotions.ts";
import { fakePromotions } from "../fakes/promotions.ts";
import { startTable } from "../unit/adapters/dynamodb/start-table.ts";
import { promotionsContract } from "./promotions.contract.ts";

promotionsContract("fake", async () => ({ promotions: fakePromotions(), close: async () => {} }));
promotionsContract("dynamodb", async () => {
  const table = await startTable();
  return { promotions: dynamodbPromotions(table), close: () => table.close() };
});
