import type { Json, JsonObject } from "../../json-value.ts";

/** A task with its arguments worked out. */
export interface Assignment {
  readonly service: { readonly resource: string; readonly resourceType: string };
  readonly functionName: string;
  readonly payload: Json;
  readonly parameters: JsonObject;
  readonly timeoutSeconds: number | undefined;
}

export type TaskEnd =
  | { readonly kind: "succeeded"; readonly output: string }
  | {
      readonly kind: "failed";
      readonly error: string | undefined;
      readonly cause: string | undefined;
    }
  | { readonly kind: "timed out" };
