import { PromoterError } from "../../domain/errors.ts";

/** Losing more often in a row than this means that something spins. */
const maxAttempts = 8;

interface Contest<Stored, Decision> {
  /** What is written, for the message. */
  readonly subject: string;
  readonly read: () => Promise<Stored>;
  readonly decide: (stored: Stored) => Decision | Promise<Decision>;
  /** Only if nothing was written since the read; false: something was. */
  readonly write: (decision: Decision) => Promise<boolean>;
}

/**
 * Reads, decides and writes; whoever loses the race decides again on the new state. Gives the
 * decision that stands. Throws `WriteContended`.
 */
export async function contend<Stored, Decision>({
  subject,
  read,
  decide,
  write,
}: Contest<Stored, Decision>): Promise<Decision> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const decision = await decide(await read());
    if (await write(decision)) return decision;
  }
  throw new PromoterError(
    "WriteContended",
    `${subject} changed ${maxAttempts} times while we tried to write it; try again`,
  );
}
