import { isVirtual, type Clock } from "./clock.ts";

export interface Abortion {
  readonly signal: AbortSignal;
  cancel(): void;
}

/**
 * A time limit for a real request. A virtual clock does not know how long one takes, so it is real
 * time then.
 */
export function abortAfter(clock: Clock, milliseconds: number): Abortion {
  if (isVirtual(clock)) {
    return { signal: AbortSignal.timeout(milliseconds), cancel: () => undefined };
  }
  const controller = new AbortController();
  const abort = (): void =>
    controller.abort(new DOMException(`no answer within ${milliseconds} ms`, "TimeoutError"));
  return { signal: controller.signal, cancel: clock.at(clock.now() + milliseconds, abort) };
}
