import { PromoterError } from "../../domain/errors.ts";
import { isRecord, listAt, textAt } from "../../domain/json.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { fieldManager, type ApplyOptions, type Cluster } from "../../ports/cluster.ts";
import {
  kubernetesRequests,
  type ClusterConnection,
  type KubernetesAnswer,
} from "./kubernetes-request.ts";
import { throwRefusal, type ClusterCall } from "./refuse.ts";
import { resourcePaths } from "./resource-paths.ts";

/**
 * A cluster behind its Kubernetes API. Server-side apply:
 * kubernetes.io/docs/reference/using-api/server-side-apply.
 */
export function kubernetesCluster(connection: ClusterConnection): Cluster {
  const { cluster } = connection;
  const send = kubernetesRequests(connection);
  const pathOf = resourcePaths(cluster, send);
  return {
    async read(ref) {
      const answer = await send({ method: "GET", path: await pathOf(ref) });
      return answer.status === 404
        ? undefined
        : objectIn(answer, { doing: `reading ${describeRef(ref)}`, cluster });
    },
    async readPods(namespace, selector) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
      const answer = await send({ method: "GET", path, query: { labelSelector: selector } });
      return podsIn(answer, {
        doing: `listing the pods ${selector} of namespace ${namespace}`,
        cluster,
      });
    },
    async apply(object, options) {
      const doing = `applying ${describeRef(refOf(object))}${options.dryRun ? " as a dry run" : ""}`;
      const answer = await send({
        method: "PATCH",
        path: await pathOf(refOf(object)),
        query: applyQuery(options),
        apply: object,
      });
      return objectIn(answer, { doing, cluster });
    },
    async remove(ref) {
      const answer = await send({ method: "DELETE", path: await pathOf(ref) });
      if (answer.status >= 300 && answer.status !== 404) {
        throwRefusal({ doing: `removing ${describeRef(ref)}`, cluster }, answer);
      }
    },
  };
}

function applyQuery({ dryRun, force }: ApplyOptions): Readonly<Record<string, string>> {
  return {
    fieldManager,
    fieldValidation: "Strict",
    ...(force ? { force: "true" } : {}),
    ...(dryRun ? { dryRun: "All" } : {}),
  };
}

function objectIn(answer: KubernetesAnswer, doing: ClusterCall): KubernetesObject {
  if (answer.status >= 300) throwRefusal(doing, answer);
  return isKubernetesObject(answer.body) ? answer.body : throwUnexpected(doing);
}

/**
 * The items of a list carry neither apiVersion nor kind (API conventions, "Lists and Simple
 * kinds").
 */
function podsIn(answer: KubernetesAnswer, doing: ClusterCall): readonly KubernetesObject[] {
  if (answer.status >= 300) throwRefusal(doing, answer);
  const pods = listAt(answer.body, "items").map((item) =>
    isRecord(item) ? { ...item, apiVersion: "v1", kind: "Pod" } : item,
  );
  return pods.map((pod) => (isKubernetesObject(pod) ? pod : throwUnexpected(doing)));
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    textAt(value, "apiVersion") !== undefined &&
    textAt(value, "kind") !== undefined &&
    textAt(value, "metadata", "name") !== undefined
  );
}

/** A proxy or a load balancer in between, as a rule. */
function throwUnexpected({ doing, cluster }: ClusterCall): never {
  throw new PromoterError(
    "ClusterUnavailable",
    `${doing} in cluster ${cluster} was answered with something that is not a Kubernetes object`,
  );
}
