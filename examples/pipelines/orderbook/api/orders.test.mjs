import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { sortOrders } from "./orders.mjs";

test("the best price of each side comes first", () => {
  const orders = [
    { side: "buy", price: 9 },
    { side: "sell", price: 12 },
    { side: "buy", price: 10 },
    { side: "sell", price: 11 },
  ];
  const { bids, asks } = sortOrders(orders);
  deepEqual([bids[0].price, asks[0].price], [10, 11]);
});
