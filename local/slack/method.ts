import type { SlackObject } from "./slack-json.ts";
import type { Workspace } from "./workspace.ts";

/** An error of the Web API: HTTP 200 with `ok: false`. */
export interface SlackError {
  readonly error: string;
  readonly errors?: readonly string[];
}

export type MethodResult =
  | { readonly kind: "ok"; readonly body: SlackObject }
  | ({ readonly kind: "error" } & SlackError);

export type Method = (workspace: Workspace, args: SlackObject) => MethodResult;

export const done = (body: SlackObject): MethodResult => ({ kind: "ok", body });
export const failed = (error: string, errors?: readonly string[]): MethodResult => ({
  kind: "error",
  error,
  ...(errors ? { errors } : {}),
});
