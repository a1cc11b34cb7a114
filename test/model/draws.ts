/**
 * Chance, but the same again for the same seed and name: what one part draws does not depend on how
 * much others have drawn.
 */
export interface Draw {
  /** From 0 to below 1. */
  real(): number;
  chance(probability: number): boolean;
  whole(from: number, to: number): number;
  /** As likely to be ten times as long as to be ten times as short. */
  spread(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** By weight. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
}

export type Draws = (name: string) => Draw;

export function drawsOf(seed: number): Draws {
  return (name) => drawOf(generator(hashed(name, seed)));
}

function drawOf(real: () => number): Draw {
  const whole: Draw["whole"] = (from, to) => from + Math.floor(real() * (to - from + 1));
  return {
    real,
    whole,
    chance: (probability) => real() < probability,
    spread: (from, to) => Math.round(from * (to / from) ** real()),
    pick: (items) => items[whole(0, items.length - 1)] as (typeof items)[number],
    weighted: (weights) => byWeight(weights, real()),
  };
}

function byWeight<Name extends string>(weights: Readonly<Record<Name, number>>, at: number): Name {
  let sum = 0;
  for (const name in weights) sum += weights[name];
  let left = at * sum;
  for (const name in weights) if ((left -= weights[name]) < 0) return name;
  throw new Error("there is nothing to choose from");
}

/** FNV-1a, 32 bits. */
function hashed(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** The splitmix32 generator. */
function generator(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
