import { numberAt, recordAt, textAt, valueAt } from "../json.ts";
import { printable } from "../printable.ts";
import { containerStatuses } from "./container-statuses.ts";
import type { KubernetesObject } from "./object.ts";
import { byTemplate } from "./pods-by-template.ts";

/** A container whose log tells more than its status. */
export interface CrashedContainer {
  readonly pod: KubernetesObject;
  readonly container: string;
  /** It crashed in the run before the present one. */
  readonly previous: boolean;
}

/** Lines of a log that become part of a cause. */
export const maxLastLines = 5;
const maxLastLength = 500;

/**
 * The container of the newest pod that ended with an error and left no termination message;
 * undefined: there is none.
 */
export function crashedContainer(pods: readonly KubernetesObject[]): CrashedContainer | undefined {
  const { newest, older } = byTemplate(pods);
  return [...newest, ...older].flatMap((pod) =>
    containerStatuses(pod).flatMap((status) => {
      const container = textAt(status, "name");
      const justNow = failedSilently(valueAt(status, "state"));
      const isSilent = justNow || failedSilently(valueAt(status, "lastState"));
      return container !== undefined && isSilent && valueAt(status, "ready") !== true
        ? [{ pod, container, previous: !justNow }]
        : [];
    }),
  )[0];
}

function failedSilently(state: unknown): boolean {
  const terminated = recordAt(state, "terminated");
  const message = textAt(terminated, "message")?.trim() ?? "";
  return (numberAt(terminated, "exitCode") ?? 0) !== 0 && message === "";
}

/**
 * The last lines of a log, on one line and of bounded length: data, never commands to a terminal.
 * Of what is too long the end is kept, because errors come last. "" where it says nothing.
 */
export function lastWords(log: string): string {
  const lines = log
    .replaceAll(colours, "")
    .split(/[\r\n]+/)
    .map((line) => printable(line.trim().replaceAll(/\s+/g, " ")).replaceAll("\uFFFD", ""))
    .filter((line) => line !== "");
  const words = lines.slice(-maxLastLines).join(" | ");
  return words.length > maxLastLength
    ? `…${words.slice(1 - maxLastLength).replace(/^[\uDC00-\uDFFF]/, "")}`
    : words;
}

/** Control sequences of ECMA-48, which colour logs. */
// oxlint-disable-next-line no-control-regex
const colours = /\u001B\[[0-?]*[ -/]*[@-~]/g;
