import type { Service, ServiceRequest, ServiceResponse } from "./service.ts";

/** What a service answers that takes no more for now, each in its own words. */
export function throttle(
  { name }: Pick<Service, "name">,
  { headers }: Pick<ServiceRequest, "headers">,
): ServiceResponse {
  if (name.startsWith("kubernetes ")) return tooManyRequests;
  if (name === "slack") return rateLimited;
  // "ThrottlingException … HTTP Status Code: 400" (common errors of the AWS APIs); those of the
  // REST services answer 429.
  const body = JSON.stringify({
    __type: "ThrottlingException",
    message: "Rate exceeded",
    Message: "Rate exceeded",
  });
  return {
    status: headers["x-amz-target"] === undefined ? 429 : 400,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": "ThrottlingException",
    },
    body,
  };
}

/** API priority and fairness: kubernetes.io/docs/concepts/cluster-administration/flow-control. */
const tooManyRequests: ServiceResponse = {
  status: 429,
  headers: { "content-type": "application/json", "retry-after": "1" },
  body: JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "Too many requests, please try again later.",
    reason: "TooManyRequests",
    details: { retryAfterSeconds: 1 },
    code: 429,
  }),
};

/**
 * "a HTTP 429 Too Many Requests response … with a Retry-After header":
 * docs.slack.dev/apis/web-api/rate-limits.
 */
const rateLimited: ServiceResponse = {
  status: 429,
  headers: { "content-type": "application/json", "retry-after": "1" },
  body: JSON.stringify({ ok: false, error: "ratelimited" }),
};
