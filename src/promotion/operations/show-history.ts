import type { Ending, EnvironmentKey } from "../../domain/promotion.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { HistoryPage, Promotions } from "../../ports/promotions.ts";
import { environmentOf } from "../record/find-environment.ts";

export interface ShowHistoryInput extends EnvironmentKey {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly endings?: readonly Ending[] | undefined;
}

export interface ShowHistoryPorts {
  readonly configurations: Configurations;
  readonly promotions: Pick<Promotions, "history">;
}

/** The promotions that ended in an environment, newest first. Reads only. Throws `NotFound`. */
export async function showHistory(
  { limit, before, endings, ...key }: ShowHistoryInput,
  ports: ShowHistoryPorts,
): Promise<HistoryPage> {
  environmentOf(await ports.configurations.read(), key);
  return ports.promotions.history(key, {
    limit,
    ...(before === undefined ? {} : { before }),
    ...(endings === undefined ? {} : { endings }),
  });
}
