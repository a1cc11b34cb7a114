import { createHash, randomUUID } from "node:crypto";
import jsonata from "jsonata";
import type { Clock } from "../../clock.ts";
import { parseJson, type Json } from "../json.ts";

/** What an expression may take from outside of its data. */
export interface QuerySurroundings {
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * The functions that Step Functions adds, and those of JSONata that read a clock, which here is the
 * cloud's. Source: developer guide "transforming-data", "JSONata functions provided by Step
 * Functions".
 */
export function addFunctions(
  expression: jsonata.Expression,
  { clock, random }: QuerySurroundings,
): void {
  expression.registerFunction("partition", partition, "<an:a>");
  expression.registerFunction("range", range, "<nnn:a>");
  expression.registerFunction("hash", hash, "<ss:s>");
  expression.registerFunction(
    "random",
    (seed?: number) => (seed === undefined ? random() : seeded(seed)),
    "<n?:n>",
  );
  expression.registerFunction("uuid", () => randomUUID(), "<:s>");
  expression.registerFunction("parse", (text: string) => parseJson(text), "<s:x>");
  expression.registerFunction("millis", () => clock.now(), "<:n>");
  expression.registerFunction(
    "now",
    (picture?: string, zone?: string) => formatted(clock.now(), picture, zone),
    "<s?s?:s>",
  );
}

/** "The length of the last array chunk may be less than the length of the previous array chunks." */
function partition(array: readonly Json[], size: number): Json[][] | undefined {
  const step = Math.trunc(size);
  if (step < 1) return undefined;
  return Array.from({ length: Math.ceil(array.length / step) }, (_, index) =>
    array.slice(index * step, (index + 1) * step),
  );
}

/**
 * "increment or decrement each element from the last until the end value is reached or exceeded". A
 * sequence, so that one of a single number is that number: captured, localstack
 * v2/intrinsic_functions/test_array_jsonata test_array_range, 1 to 9 by 9.
 */
function range(first: number, last: number, delta: number): number[] | undefined {
  const [from, to, step] = [Math.trunc(first), Math.trunc(last), Math.trunc(delta)];
  if (step === 0 || (to - from) * step < 0) return undefined;
  const numbers = Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, index) => from + index * step,
  );
  return Object.defineProperty(numbers, "sequence", { value: true });
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

function hash(text: string, algorithm: string): string {
  const name = algorithms[algorithm];
  if (name === undefined) {
    throw new Error(
      `the hash algorithm must be one of ${Object.keys(algorithms).join(", ")}, not ${algorithm}`,
    );
  }
  return createHash(name).update(text).digest("hex");
}

/** "If you use this function with the same seed value, it returns an identical number." */
function seeded(seed: number): number {
  const digest = createHash("sha256")
    .update(String(Math.trunc(seed)))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

const fromMillis = jsonata("$fromMillis($millis, $picture, $zone)");

function formatted(
  millis: number,
  picture: string | undefined,
  zone: string | undefined,
): Promise<string> {
  return fromMillis.evaluate(undefined, { millis, picture, zone });
}
