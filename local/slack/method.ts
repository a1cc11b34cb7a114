import type { JsonObject } from "../json-value.ts";
import type { Workspace } from "./workspace.ts";

/** An error of the Web API: HTTP 200 with `ok: false`. */
export interface SlackError {
  readonly error: string;
  readonly errors?: readonly string[];
}

export type MethodResult =
  | { readonly kind: "ok"; readonly body: JsonObject }
  | ({ readonly kind: "error" } & SlackError);

export type Method = (workspace: Workspace, args: JsonObject) => MethodResult;

export const done = (body: JsonObject): MethodResult => ({ kind: "ok", body });
export const failed = (error: string, errors?: readonly string[]): MethodResult => ({
  kind: "error",
  error,
  ...(errors ? { errors } : {}),
});
