import { type Json, type JsonObject } from "../../json-value.ts";

/** The variables of an execution. */
export interface Variables {
  /** Name to value. */
  visible(): JsonObject;
  assign(values: JsonObject): void;
  /** Bytes that would be stored if these were assigned. */
  bytesWith(values: JsonObject): number;
}

export function createVariables(): Variables {
  const own = new Map<string, Json>();
  const variables: Variables = {
    visible: () => Object.fromEntries(own),
    assign(values) {
      for (const [name, value] of Object.entries(values)) own.set(name, value ?? null);
    },
    bytesWith: (values) => Buffer.byteLength(JSON.stringify({ ...variables.visible(), ...values })),
  };
  return variables;
}
