import { abbreviateList } from "../src/domain/abbreviate-list.ts";
import type { Ending, Promotion } from "../src/domain/promotion.ts";
import type { HistoryEntry, HistoryPage } from "../src/ports/promotions.ts";
import type { ApplicationStatus } from "../src/promotion/operations/show-status.ts";
import type { Connection } from "./connection.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** Names that the promoter itself gives, whole: nothing needs to be looked up for them. */
const whole = /^(?:p-[0-9a-f]{40}-\d+|(?:m|plan)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** How far back abbreviated names are searched in each environment. */
const maxEntries = 100;
const maxNamed = 5;

/** What is to be done with a promotion, which decides what `last` can mean. */
export type Purpose = "show" | "cancel" | "abort" | "retry";

/**
 * The promotion given by its name, by the beginning of its name, or by `last`. Of several attempts
 * of one promotion, the newest.
 */
export async function resolvePromotion(
  given: string,
  purpose: Purpose,
  connection: Connection,
): Promise<string> {
  if (whole.test(given)) return given;
  const known = await knownPromotions(connection);
  const names = known.map(({ id }) => id);
  if (names.includes(given)) return given;
  if (given === "last") return lastOf(known, purpose)?.id ?? throwNone();
  const matching = newestAttempts(names.filter((id) => id.startsWith(given)));
  if (matching.length <= 1) return matching[0] ?? given;
  throw new CommandError(
    `"${given}" matches ${matching.length} promotions: ` +
      `${abbreviateList(matching, maxNamed)}; write more of the name`,
    exitCodes.usage,
  );
}

/**
 * The one that was started last; of plans only to show them, and to cancel or abort the last that
 * is still open.
 */
function lastOf(known: readonly KnownPromotion[], purpose: Purpose): KnownPromotion | undefined {
  if (purpose === "show") return known[0];
  const promotions = known.filter((one) => !isPlan(one));
  const open = promotions.find(({ ending }) => ending === undefined);
  return purpose !== "retry" && open ? open : promotions[0];
}

function isPlan({ id, ending, mode }: KnownPromotion): boolean {
  return mode === "plan" || ending === "Planned" || id.startsWith("plan-");
}

const attempt = /^(p-[0-9a-f]{40})-(\d+)$/;

/** Of each promotion the newest attempt, in the order of the given ones. */
function newestAttempts(ids: readonly string[]): readonly string[] {
  const newest = new Map<string, string>();
  for (const id of ids) {
    const [, stem = id, number = "0"] = attempt.exec(id) ?? [];
    const [, , before = "-1"] = attempt.exec(newest.get(stem) ?? "") ?? [];
    if (Number(number) > Number(before)) newest.set(stem, id);
  }
  return [...newest.values()];
}

function throwNone(): never {
  throw new CommandError("there is no promotion yet", exitCodes.usage);
}

/**
 * Open ones and the newest of those that ended, in all environments; whatever was started last
 * comes first.
 */
export async function knownPromotions(connection: Connection): Promise<readonly KnownPromotion[]> {
  const applications = (await connection.invoke("show-status", {})) as readonly ApplicationStatus[];
  const places = applications.flatMap(({ application, environments }) =>
    environments.map(({ environment }) => ({ application, environment })),
  );
  const pages = (await Promise.all(
    places.map((place) => connection.invoke("show-history", { ...place, limit: maxEntries })),
  )) as readonly HistoryPage[];
  const all: readonly KnownPromotion[] = [
    ...pages.flatMap(({ entries }) => entries),
    ...applications.flatMap(({ promotions }) => promotions),
  ];
  const byId = new Map(all.map((one) => [one.id, one] as const));
  return [...byId.values()].toSorted((one, other) => other.openedAt - one.openedAt);
}

type KnownPromotion = Pick<HistoryEntry, "openedAt"> & {
  readonly id: string;
  readonly ending?: Ending | undefined;
  /** Known of open ones. */
  readonly mode?: Promotion["mode"];
};
