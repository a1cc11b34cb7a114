import type { ModelWorld } from "./model-world.ts";

export interface Delivery {
  readonly step: string;
  readonly input: unknown;
  /** Names it among all that are drawn. */
  readonly name: string;
  readonly about?: string | undefined;
}

export interface Events {
  deliver(delivery: Delivery): void;
  /** What Lambda gave up after three tries. */
  readonly deadLetters: readonly string[];
}

/**
 * Events come at least once, late, in any order; and some never, although they should. A function
 * that fails is tried twice more.
 */
export function eventsOf(world: ModelWorld): Events {
  const { timeline, draws, happens, log } = world;
  const deadLetters: string[] = [];
  const attempt = async (delivery: Delivery, tries: number): Promise<void> => {
    const { kind } = await world.invoke(delivery.step, delivery.input, delivery.about);
    if (kind === "ok") return;
    if (tries >= 3) deadLetters.push(delivery.name);
    else timeline.after(tries * 60_000, () => void attempt(delivery, tries + 1));
  };
  return {
    deadLetters,
    deliver(delivery) {
      const { name } = delivery;
      const draw = draws(name);
      const drawn = world.isCalm()
        ? "prompt"
        : draw.weighted({ prompt: 0.85, lost: 0.04, twice: 0.06, late: 0.05 });
      const fate = drawn !== "prompt" && happens(name) ? drawn : "prompt";
      if (fate !== "prompt") log(`${name}: ${fate}`);
      if (fate === "lost") return;
      timeline.after(draw.whole(100, 2_000), () => void attempt(delivery, 1));
      if (fate === "twice") {
        timeline.after(draw.spread(300, 600_000), () => void attempt(delivery, 1));
      }
      if (fate === "late") {
        timeline.after(draw.spread(3_000, 1_800_000), () => void attempt(delivery, 1));
      }
    },
  };
}
