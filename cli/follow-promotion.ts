import type { ShownPromotion } from "../src/promotion/show-promotion.ts";
import type { Connection } from "./connection.ts";
import { CommandError } from "./exit-codes.ts";

export interface Follow {
  readonly connection: Connection;
  readonly promotion: string;
  /** Called after every look that found something new. */
  readonly onChange: (shown: ShownPromotion, news: { readonly steps: ShownPromotion["trail"] }) => void | Promise<void>;
  /** Milliseconds between looks; the pace of the connection unless said otherwise. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A step stands in the trail only after its work is done, and nothing announces in the trail what was closed outside of the workflow. */
const last = 4;
/** A promotion that sleeps, perhaps for days, is looked at so many times more seldom. */
const slowest = 20;
const slowing = 1.2;

/** Looks at a promotion until it has ended and was announced. */
export async function followPromotion({ connection, promotion, onChange, every = connection.pace, signal }: Follow): Promise<ShownPromotion> {
  let seen = 0;
  let looksLeft = last;
  let pause = every;
  for (;;) {
    const shown = await show(connection, promotion);
    if (shown) {
      const steps = shown.trail.slice(seen);
      seen = shown.trail.length;
      pause = steps.length > 0 ? every : Math.min(pause * slowing, every * slowest);
      await onChange(shown, { steps });
      if (shown.promotion.ending !== undefined && shown.promotion.announced) looksLeft = shown.trail.at(-1)?.step === "Announce" ? 0 : looksLeft - 1;
      if (looksLeft <= 0) return shown;
    }
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Just started executions have no record yet. */
async function show(connection: Connection, promotion: string): Promise<ShownPromotion | undefined> {
  try {
    return (await connection.invoke("show-promotion", { promotion })) as ShownPromotion;
  } catch (error) {
    if (error instanceof CommandError && error.details["name"] === "NotFound") return undefined;
    throw error;
  }
}
