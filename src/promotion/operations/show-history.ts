import type { Ending, EnvironmentKey } from "../../domain/promotion.ts";
import type { Need } from "../../ports/ports.ts";
import type { HistoryPage } from "../../ports/promotions.ts";
import { environmentOf } from "../record/find-environment.ts";
import { task } from "../step/task.ts";

export interface ShowHistoryInput extends EnvironmentKey {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly endings?: readonly Ending[] | undefined;
}

const needs = ["promotions.history"] as const satisfies readonly Need[];

/** The promotions that ended in an environment, newest first. Reads only. Throws `NotFound`. */
export const showHistory = task({
  name: "ShowHistory",
  needs,
  async run({ limit, before, endings, ...key }: ShowHistoryInput, ports): Promise<HistoryPage> {
    environmentOf(await ports.configurations.read(), key);
    return ports.promotions.history(key, {
      limit,
      ...(before === undefined ? {} : { before }),
      ...(endings === undefined ? {} : { endings }),
    });
  },
});
