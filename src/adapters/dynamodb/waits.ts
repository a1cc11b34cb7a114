import type { PromotionId } from "../../domain/promotion.ts";
import type { Wait, Waits } from "../../ports/waits.ts";
import { joinKey, type Key } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { deleteItem, getItem, putItem, type Table } from "./table.ts";

export function dynamodbWaits(table: Table): Waits {
  return {
    async store(wait) {
      await putItem(table, keyOf(wait.promotion), { fields: wait });
    },
    async read(promotion) {
      const item = await getItem(table, keyOf(promotion));
      return item && fieldsOf<Wait>(item);
    },
    remove: (promotion, token) =>
      deleteItem(table, keyOf(promotion), { condition: "#token = :token", values: { token } }),
  };
}

function keyOf(promotion: PromotionId): Key {
  return { pk: joinKey("WAIT", promotion), sk: "WAIT" };
}
