import { environmentOf } from "./one-writer-at-a-time.ts";
import type { Promised } from "./promise.ts";

/** A promotion writes only the tags of its plan, and to a cluster only if its plan has one. */
export const plannedPlacesOnly: Promised = ({ world }) => {
  const written = new Map<string, Set<string>>();
  world.watchers.push((effect) => {
    const { guest, port, args } = effect;
    if (guest.promotion === undefined || environmentOf(effect) === undefined) return;
    const places = written.get(guest.promotion) ?? new Set();
    written.set(guest.promotion, places.add(port === "registry" ? String(args[1]) : "cluster"));
  });
  return async () => {
    const found = await Promise.all(
      [...written].map(async ([id, places]) => {
        const planned = await plannedPlaces(id, world.stores.promotions);
        return [...places]
          .filter((place) => !planned.includes(place))
          .map((place) => `${world.label(id)} wrote ${place}, and its plan has ${planned.join()}`);
      }),
    );
    return found.flat();
  };
};

async function plannedPlaces(
  id: string,
  promotions: Pick<Parameters<Promised>[0]["world"]["stores"]["promotions"], "read" | "readPlan">,
): Promise<readonly string[]> {
  const hash = (await promotions.read(id))?.plan;
  const { members = [], cluster } = (await promotions.readPlan(id, hash ?? ""))?.plan ?? {};
  const tags = members.flatMap(({ releaseTag, movingTag }) => [releaseTag ?? [], movingTag ?? []]);
  return [...tags.flat(), ...(cluster === undefined ? [] : ["cluster"])];
}
