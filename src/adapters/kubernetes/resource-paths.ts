import { PromoterError } from "../../domain/errors.ts";
import { listAt, textAt, valueAt } from "../../domain/json.ts";
import { describeRef, type ObjectRef } from "../../domain/pod-spec/object.ts";
import type { KubernetesAnswer, SendRequest } from "./kubernetes-request.ts";
import { throwRefusal } from "./refuse.ts";

interface ApiResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Where an object of any kind is, by the server's own discovery; each group and version is
 * requested once.
 */
export function resourcePaths(
  cluster: string,
  send: SendRequest,
): (ref: ObjectRef) => Promise<string> {
  const lists = new Map<string, Promise<KubernetesAnswer>>();

  function listOf(apiVersion: string): Promise<KubernetesAnswer> {
    const known = lists.get(apiVersion) ?? send({ method: "GET", path: rootOf(apiVersion) });
    lists.set(apiVersion, known);
    return known;
  }

  async function resourceOf(ref: ObjectRef): Promise<ApiResource> {
    try {
      const answer = await listOf(ref.apiVersion);
      if (answer.status !== 200 && answer.status !== 404) {
        throwRefusal({ doing: `looking up the kinds of ${ref.apiVersion}`, cluster }, answer);
      }
      return find(answer.body, ref, cluster);
    } catch (error) {
      // A kind may be installed a moment later, and a failure may pass.
      lists.delete(ref.apiVersion);
      throw error;
    }
  }

  return async (ref) => pathOf(ref, await resourceOf(ref));
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Names with a slash, such as `deployments/status`, are parts of an object and have its kind. */
function find(list: unknown, { apiVersion, kind }: ObjectRef, cluster: string): ApiResource {
  const hit = listAt(list, "resources").find(
    (entry) => textAt(entry, "kind") === kind && !textAt(entry, "name")?.includes("/"),
  );
  const plural = textAt(hit, "name");
  if (plural !== undefined) return { plural, namespaced: valueAt(hit, "namespaced") === true };
  throw new PromoterError(
    "ClusterRefused",
    `cluster ${cluster} has no kind ${kind} in ${apiVersion}: correct the object, or install the kind first`,
  );
}

function pathOf(ref: ObjectRef, { plural, namespaced }: ApiResource): string {
  const parts = namespaced
    ? ["namespaces", namespaceOf(ref), plural, ref.name]
    : [plural, ref.name];
  return [rootOf(ref.apiVersion), ...parts.map(encodeURIComponent)].join("/");
}

function namespaceOf(ref: ObjectRef): string {
  if (ref.namespace !== undefined) return ref.namespace;
  throw new PromoterError(
    "ClusterRefused",
    `${describeRef(ref)} has no metadata.namespace, and a ${ref.kind} needs one`,
  );
}
