import { constants } from "node:os";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { ShowResult } from "./promote-all.ts";

/** 0 when everything that the pushes were to bring about was promoted; a signal as shells tell it. */
export function showExitCode({ endings, lost, interrupted, unpromotable }: ShowResult): number {
  if (interrupted !== undefined) return 128 + constants.signals[interrupted];
  return Math.max(
    lost.length + unpromotable.length > 0 ? exitCodes.failed : exitCodes.done,
    ...endings.map(({ ending }) => exitCodeOf(ending)),
  );
}
