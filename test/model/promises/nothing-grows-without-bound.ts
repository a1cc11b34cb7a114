import type { Observed, Promised } from "./promise.ts";

/**
 * A trail holds what happened in its promotion, not how often somebody clicked, nor how often we
 * tried.
 */
export const nothingGrowsWithoutBound: Promised =
  ({ world, events }) =>
  async () => [
    ...(await longTrails(world)),
    ...manyMessages(world),
    ...manyTold(world),
    ...(events.deadLetters.length > 60 ? [`${events.deadLetters.length} dead letters`] : []),
  ];

type ObservedWorld = Observed["world"];

const maxEntries = 400;
const maxClicks = 12;
/**
 * While the messenger is down, each try to tell people tells the bus again, and hours of outages
 * are drawn.
 */
const maxTold = 60;

async function longTrails({ stores, ids, label }: ObservedWorld): Promise<readonly string[]> {
  const found = await Promise.all(
    ids().map(async (id) => {
      const trail = await stores.trail.read(id);
      const clicks = trail.filter(({ step }) => step === "OnSlackAction").length;
      return [
        ...(trail.length > maxEntries
          ? [`the trail of ${label(id)} has ${trail.length} entries`]
          : []),
        ...(clicks > maxClicks ? [`the trail of ${label(id)} has ${clicks} clicks`] : []),
      ];
    }),
  );
  return found.flat();
}

function manyMessages({ stores, ids, label }: ObservedWorld): readonly string[] {
  const messages = stores.messenger.messages();
  return ids().flatMap((id) => {
    const count = messages.filter(({ question }) => question.promotion.id === id).length;
    return count > 12 ? [`${count} messages about ${label(id)}`] : [];
  });
}

function manyTold({ stores, ids, label }: ObservedWorld): readonly string[] {
  return ids().flatMap((id) => {
    const count = stores.bus.published.filter(({ detail }) => detail["promotion"] === id).length;
    return count > maxTold ? [`${label(id)} was announced ${count} times`] : [];
  });
}
