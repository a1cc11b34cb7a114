import type { ServiceResponse } from "./service.ts";

/** A page for people. It loads nothing but what the directives of its content security policy name. */
export function htmlPage(body: string, directives: readonly string[]): ServiceResponse {
  const policy = [
    "default-src 'none'",
    ...directives,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.join("; "),
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
    body,
  };
}
