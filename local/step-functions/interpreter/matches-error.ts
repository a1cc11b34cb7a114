import type { StateFailure } from "./state-failure.ts";

/**
 * Whether ErrorEquals names this failure. Source: developer guide "concepts-error-handling", "Error
 * names": States.Runtime "will always cause the execution to fail"; States.TaskFailed "matches any
 * known error name except for States.Timeout".
 */
export function matchesError(errorEquals: readonly string[], failure: StateFailure): boolean {
  if (failure.error === "States.Runtime") return false;
  if (errorEquals.includes(failure.error ?? "")) return true;
  if (failure.onlyByName) return false;
  return (
    errorEquals.includes("States.ALL") ||
    (errorEquals.includes("States.TaskFailed") && failure.error !== "States.Timeout")
  );
}
