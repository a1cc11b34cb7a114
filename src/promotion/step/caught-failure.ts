import { printable } from "../../domain/printable.ts";

/** What a Catch of the state machine caught. */
export interface CaughtFailure {
  readonly state: string;
  readonly error: string;
  /** The Cause, cut off. */
  readonly message: string;
}

/** For people: `DeployPodSpec: ClusterRefused: …`. */
export function describeFailure({ state, error, message }: CaughtFailure): string {
  return `${state}: ${error}: ${messageOf(message)}`;
}

/**
 * A Cause is Lambda's JSON with message and trace, cut off by the state machine; of a time-out it
 * is empty.
 */
function messageOf(cause: string): string {
  const message = /"errorMessage":("(?:[^"\\]|\\.)*")/.exec(cause)?.[1];
  return printable(
    message === undefined ? cause || "no cause was given" : String(JSON.parse(message)),
  );
}
