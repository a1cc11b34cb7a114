import { createHash } from "node:crypto";

/**
 * The alphabet of generated names: no vowels, nothing that looks alike (apimachinery
 * pkg/util/rand).
 */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export function safeName(seed: string, length: number): string {
  const digest = createHash("sha256").update(seed).digest();
  return [...digest.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
