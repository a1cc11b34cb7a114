import type { Events } from "../events.ts";
import type { Images } from "../images.ts";
import type { ModelWorld } from "../model-world.ts";

export interface Observed {
  readonly world: ModelWorld;
  readonly images: Images;
  readonly events: Events;
}

/**
 * Something that must hold whatever happens: watches from the beginning, and gives what broke it,
 * in words, once all has come to rest.
 */
export type Promised = (observed: Observed) => () => readonly string[] | Promise<readonly string[]>;
