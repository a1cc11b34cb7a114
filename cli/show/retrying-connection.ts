import { setTimeout as pass } from "node:timers/promises";
import { errorMessage } from "../../src/domain/errors.ts";
import type { Connection } from "../connection.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

export interface RetryPolicy {
  /** Consecutive polls that may fail; the last failure goes to the caller. */
  readonly tries: number;
  /** Milliseconds before a failed poll is retried; each further pause is twice as long. */
  readonly pause: number;
}

/** About a minute: what fails that long does not recover by itself. */
export const defaultRetryPolicy: RetryPolicy = { tries: 12, pause: 250 };
const maxPause = 10_000;

export interface RetryOptions {
  readonly connection: Connection;
  readonly patience: RetryPolicy;
  readonly signal: AbortSignal;
  /** Not found is a valid answer then: it may still appear. */
  readonly isEarly: () => boolean;
  /** The first failure of a row. */
  readonly onFailure: (message: string) => void;
}

/**
 * The functions that are asked through this only read, so a failed poll is simply retried, after a
 * growing pause.
 */
export function retryingConnection({
  connection,
  patience,
  signal,
  isEarly,
  onFailure,
}: RetryOptions): Connection {
  const isAnswer = (error: unknown): boolean =>
    error instanceof CommandError && error.exitCode === exitCodes.usage && isEarly();
  const look = async (functionName: string, payload: object, failed = 0): Promise<unknown> => {
    try {
      return await connection.invoke(functionName, payload);
    } catch (error) {
      if (signal.aborted || isAnswer(error)) throw error;
      const message = errorMessage(error);
      if (failed + 1 >= patience.tries) {
        throw new CommandError(`gave up after ${patience.tries} attempts; last error: ${message}`);
      }
      if (failed === 0) onFailure(message);
    }
    await pass(Math.min(patience.pause * 2 ** failed, maxPause), undefined, { signal });
    return look(functionName, payload, failed + 1);
  };
  return { ...connection, invoke: (functionName, payload) => look(functionName, payload) };
}
