import { setTimeout as wait } from "node:timers/promises";

const maxWait = 45_000;

/** Asks until there is an answer; in real time, for the emulator knows no other. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (const deadline = Date.now() + maxWait; Date.now() < deadline; await wait(100)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`still no answer after ${maxWait / 1000} s to: ${String(ask)}`);
}
