const byPrice = (one, other) => one.price - other.price;

/** Bids from the highest price down, asks from the lowest up. */
export function sortOrders(orders) {
  const ofSide = (wanted) => orders.filter(({ side }) => side === wanted).toSorted(byPrice);
  return { bids: ofSide("buy").toReversed(), asks: ofSide("sell") };
}
