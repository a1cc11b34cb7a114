import { type Json, type JsonObject, stringAt } from "../../json-value.ts";
import { uidOf } from "../objects/object-value.ts";

/** What the containers of a node have written: the one that runs, and the one before it. */
export interface ContainerLogs {
  /** What was written so far is that of the previous container from now on. */
  begin(pod: JsonObject, container: string): void;
  write(pod: JsonObject, container: string, line: string): void;
  /** undefined: there was no such container. */
  read(pod: JsonObject, container: string, which: LogOf): readonly string[] | undefined;
}

export type LogOf = "current" | "previous";

export function createContainerLogs(): ContainerLogs {
  const logs = new Map<string, Partial<Record<LogOf, readonly string[]>>>();
  return {
    begin(pod, container) {
      const { current } = logs.get(keyOf(pod, container)) ?? {};
      logs.set(keyOf(pod, container), { current: [], ...(current && { previous: current }) });
    },
    write(pod, container, line) {
      const log = logs.get(keyOf(pod, container));
      logs.set(keyOf(pod, container), { ...log, current: [...(log?.current ?? []), line] });
    },
    read: (pod, container, which) => logs.get(keyOf(pod, container))?.[which],
  };
}

const keyOf = (pod: JsonObject, container: string): string => `${uidOf(pod)}/${container}`;

/** The line of a container that ends by itself, in its own words where it has some. */
export function lastLine({
  exitCode,
  message,
}: {
  readonly exitCode: number;
  readonly message: string | undefined;
}): string {
  return message ?? `ended with exit code ${exitCode}`;
}

/** The first line of a container: nobody knows what the image would write. */
export function firstLine(container: Json): string {
  return `started ${stringAt(container, "image") ?? ""}`;
}
