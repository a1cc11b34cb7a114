import type { Operation, ServiceRequest } from "../../service.ts";
import type { Resources } from "../objects/custom-resources.ts";
import { routeOf } from "./request-route.ts";

/**
 * How a request is recorded: `kubernetes:patch` on
 * `<cluster>/apis/apps/v1/namespaces/x/deployments/y`; a dry run only reads.
 */
export function kubernetesOperation(
  cluster: string,
  resources: Resources,
  request: ServiceRequest,
): Operation {
  const route = routeOf(resources, request);
  const verb = (route.kind === "object" ? route.verb : undefined) ?? request.method.toLowerCase();
  const isRead = ["get", "list", "watch"].includes(verb) || request.query.get("dryRun") === "All";
  return {
    action: `kubernetes:${verb}`,
    resources: [`${cluster}${request.path}`],
    access: isRead ? "read" : "write",
  };
}
