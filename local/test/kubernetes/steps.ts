import type { RawRequest } from "./raw-requests.ts";

export interface Step extends RawRequest {
  /** A real server takes a while until it serves a new kind. */
  readonly isPatient?: boolean;
}

const applied = "application/apply-patch+yaml";
export const merged = "application/merge-patch+json";
export const patched = "application/json-patch+json";

export const apply = (
  path: string,
  body: unknown,
  query = "fieldManager=promoter&fieldValidation=Strict",
): Step => ({ method: "PATCH", path: `${path}?${query}`, body, type: applied });
export const get = (path: string): Step => ({ method: "GET", path });
export const remove = (path: string, preconditions?: object): Step => ({
  method: "DELETE",
  path,
  ...(preconditions ? { body: { kind: "DeleteOptions", apiVersion: "v1", preconditions } } : {}),
});
