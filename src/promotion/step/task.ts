import type { Need, PortsFor } from "../../ports/ports.ts";

/**
 * What a function does, as one value: the ports that it gets and its role both derive from what it
 * needs.
 */
export interface Task<Input, Output, Ports> {
  /** Of a step, the name of the state. */
  readonly name: string;
  readonly needs: readonly Need[];
  readonly run: (input: Input, ports: Ports) => Promise<Output>;
}

export interface TaskDefinition<Needs extends readonly Need[], Input, Output> {
  readonly name: string;
  readonly needs: Needs;
  readonly run: (input: Input, ports: PortsFor<Needs>) => Promise<Output>;
}

/** An event, an operation, or a wait. */
export function task<const Needs extends readonly Need[], Input, Output>(
  definition: TaskDefinition<Needs, Input, Output>,
): Task<Input, Output, PortsFor<Needs>> {
  return definition;
}
