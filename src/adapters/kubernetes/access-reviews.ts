import type { Right } from "../../domain/access/right.ts";
import { valueAt } from "../../domain/json.ts";
import type { Typed } from "../../domain/pod-spec/kinds.ts";
import type { KindResource } from "../../domain/pod-spec/resource-names.ts";
import { kubernetesRequests, type ClusterConnection } from "./kubernetes-request.ts";
import { throwRefusal } from "./refuse.ts";
import { resourcesOf } from "./resource-paths.ts";

/** What a cluster says of the rights of others. It throws as the port `Cluster` does. */
export interface AccessReviews {
  /** undefined: the server has no such kind. */
  readonly find: (kind: Typed) => Promise<KindResource | undefined>;
  /**
   * Whether users of a group have a right, whatever gives it to them. The caller needs `create` on
   * subjectaccessreviews.authorization.k8s.io.
   */
  readonly allows: (group: string, right: Right) => Promise<boolean>;
}

const reviewPath = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

export function accessReviews(connection: ClusterConnection): AccessReviews {
  const { cluster } = connection;
  const send = kubernetesRequests(connection);
  const { find } = resourcesOf(cluster, send);
  return {
    find,
    async allows(group, right) {
      const answer = await send({
        method: "POST",
        path: reviewPath,
        create: reviewOf(group, right),
      });
      if (answer.status >= 300) {
        throwRefusal({ doing: `asking for the rights of the group ${group}`, cluster }, answer);
      }
      return valueAt(answer.body, "status", "allowed") === true;
    },
  };
}

/**
 * kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1. The
 * path tells the server the kind.
 */
function reviewOf(users: string, right: Right): object {
  const { verb, group, resource: path, namespace, name } = right;
  const [resource, subresource] = path.split("/");
  return {
    spec: {
      groups: [users, "system:authenticated"],
      resourceAttributes: { verb, group, resource, subresource, namespace, name },
    },
  };
}
