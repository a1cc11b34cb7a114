import { byteLength, type Json, type JsonObject } from "../json.ts";

/**
 * Variables of one scope. "States inside Parallel or Map states can refer to outer scope variables,
 * but they create and maintain their own"
 */
export interface Variables {
  /** Name to value, those of the outer scopes included. */
  visible(): JsonObject;
  assign(values: JsonObject): void;
  /** Bytes that would be stored if these were assigned. */
  bytesWith(values: JsonObject): number;
  inner(): Variables;
}

export function createVariables(outer?: Variables): Variables {
  const own = new Map<string, Json>();
  const variables: Variables = {
    visible: () => ({ ...outer?.visible(), ...Object.fromEntries(own) }),
    assign(values) {
      for (const [name, value] of Object.entries(values)) own.set(name, value);
    },
    bytesWith: (values) => byteLength(JSON.stringify({ ...variables.visible(), ...values })),
    inner: () => createVariables(variables),
  };
  return variables;
}
