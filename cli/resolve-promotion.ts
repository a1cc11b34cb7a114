import { abbreviateList } from "../src/domain/abbreviate-list.ts";
import type { HistoryPage } from "../src/ports/promotions.ts";
import type { ApplicationStatus } from "../src/promotion/operations/show-status.ts";
import type { Connection } from "./connection.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** Names that the promoter itself gives, whole: nothing needs to be looked up for them. */
const whole = /^(?:p-[0-9a-f]{40}-\d+|(?:m|plan)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** How far back beginnings of names are looked for in each environment. */
const newest = 100;
const maxNamed = 5;

/**
 * The promotion that is meant by its name, by the beginning of its name, or by `last`: the one that
 * was started last.
 */
export async function resolvePromotion(given: string, connection: Connection): Promise<string> {
  if (whole.test(given)) return given;
  const known = await knownPromotions(connection);
  if (known.includes(given)) return given;
  if (given === "last") return known[0] ?? throwNone();
  const matching = known.filter((id) => id.startsWith(given));
  if (matching.length <= 1) return matching[0] ?? given;
  throw new CommandError(
    `"${given}" begins the names of ${matching.length} promotions: ` +
      `${abbreviateList(matching, maxNamed)}; write more of the one you mean`,
    exitCodes.usage,
  );
}

function throwNone(): never {
  throw new CommandError("there is no promotion yet", exitCodes.usage);
}

/**
 * Open ones and the newest of those that ended, in all environments; whatever was started last
 * comes first.
 */
export async function knownPromotions(connection: Connection): Promise<readonly string[]> {
  const applications = (await connection.invoke("show-status", {})) as readonly ApplicationStatus[];
  const places = applications.flatMap(({ application, environments }) =>
    environments.map(({ environment }) => ({ application, environment })),
  );
  const pages = (await Promise.all(
    places.map((place) => connection.invoke("show-history", { ...place, limit: newest })),
  )) as readonly HistoryPage[];
  const all = [
    ...applications.flatMap(({ promotions }) => promotions),
    ...pages.flatMap(({ entries }) => entries),
  ];
  return [
    ...new Set(all.toSorted((one, other) => other.openedAt - one.openedAt).map(({ id }) => id)),
  ];
}
