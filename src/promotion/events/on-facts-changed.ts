import { membersIn, unlistedRepository } from "../../domain/configuration.ts";
import { isPromoterError } from "../../domain/errors.ts";
import type { OpenPromotion } from "../../ports/open-work.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

const needs = [
  ...wakeNeeds,
  "openWork.list",
  "promotions.read",
  "promotions.update",
] as const satisfies readonly Need[];

/**
 * A scan ended or a referrer arrived: promotions that wait for facts about this repository check
 * again.
 */
export const onFactsChanged = task({
  name: "OnFactsChanged",
  needs,
  async run(
    { repository }: { readonly repository: string },
    ports,
  ): Promise<StepResult<"ignored" | "nudged">> {
    const owners = membersIn(repository, await ports.configurations.read());
    const applications = new Set(owners.map(({ application }) => application.name));
    if (applications.size === 0) {
      return { outcome: "ignored", reasons: [unlistedRepository(repository)] };
    }
    const work = await Promise.all([...applications].map((name) => ports.openWork.list(name)));
    const open = work.flat().filter((one): one is OpenPromotion => one.kind === "promotion");
    await Promise.all(open.map(({ id }) => nudge(id, ports)));
    return { outcome: "nudged", reasons: open.map(({ id }) => id) };
  },
});

/** The mark comes first: a step that is about to sleep sees it, one that sleeps is woken. */
async function nudge(id: string, ports: PortsFor<typeof needs>): Promise<void> {
  const promotion = await ports.promotions.read(id);
  if (!promotion || promotion.ending) return;
  await ports.promotions.update(id, { nudgedAt: ports.clock.now() }).catch(ignoreClosed);
  await wake(ports, id, ["facts"]);
}

/** One that has ended since it was read needs no news, and must not stop the others. */
function ignoreClosed(error: unknown): void {
  if (!isPromoterError(error) || error.name !== "PromotionClosed") throw error;
}
