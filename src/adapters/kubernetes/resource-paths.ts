import { PromoterError } from "../../domain/errors.ts";
import { listAt, textAt, valueAt } from "../../domain/json.ts";
import type { Typed } from "../../domain/pod-spec/kinds.ts";
import { describeRef, type ObjectRef } from "../../domain/pod-spec/object.ts";
import type { KindResource } from "../../domain/pod-spec/resource-names.ts";
import type { KubernetesAnswer, SendRequest } from "./kubernetes-request.ts";
import { throwRefusal } from "./refuse.ts";

/** What the server's own discovery says of kinds. */
export interface ServedKinds {
  /** Where an object is. Throws `ClusterRefused` when the server has no such kind. */
  readonly pathOf: (ref: ObjectRef) => Promise<string>;
  /** Where the objects of a kind are; without a namespace those of all namespaces. */
  readonly listPathOf: (kind: Typed, namespace: string | undefined) => Promise<string>;
  /** undefined: the server has no such kind. */
  readonly find: (kind: Typed) => Promise<KindResource | undefined>;
}

/** Each group and version is requested once. */
export function resourcesOf(cluster: string, send: SendRequest): ServedKinds {
  const lists = new Map<string, Promise<KubernetesAnswer>>();

  function listOf(apiVersion: string): Promise<KubernetesAnswer> {
    const known = lists.get(apiVersion) ?? send({ method: "GET", path: rootOf(apiVersion) });
    lists.set(apiVersion, known);
    return known;
  }

  async function find(kind: Typed): Promise<KindResource | undefined> {
    const { apiVersion } = kind;
    try {
      const answer = await listOf(apiVersion);
      if (answer.status !== 200 && answer.status !== 404) {
        throwRefusal({ doing: `looking up the kinds of ${apiVersion}`, cluster }, answer);
      }
      const found = findIn(answer.body, kind);
      // A kind may be installed a moment later.
      if (!found) lists.delete(apiVersion);
      return found;
    } catch (error) {
      lists.delete(apiVersion);
      throw error;
    }
  }

  async function resourceOf({ apiVersion, kind }: Typed): Promise<KindResource> {
    const found = await find({ apiVersion, kind });
    if (found) return found;
    throw new PromoterError(
      "ClusterRefused",
      `cluster ${cluster} has no kind ${kind} in ${apiVersion}: correct the object, or install the kind first`,
    );
  }

  return {
    pathOf: async (ref) => objectPath(ref, await resourceOf(ref)),
    async listPathOf(kind, namespace) {
      const { plural } = await resourceOf(kind);
      const parts = namespace === undefined ? [plural] : ["namespaces", namespace, plural];
      return joined(kind, parts);
    },
    find,
  };
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Names with a slash, such as `deployments/status`, are parts of an object and have its kind. */
function findIn(list: unknown, { kind }: Typed): KindResource | undefined {
  const hit = listAt(list, "resources").find(
    (entry) => textAt(entry, "kind") === kind && !textAt(entry, "name")?.includes("/"),
  );
  const plural = textAt(hit, "name");
  return plural === undefined
    ? undefined
    : { plural, namespaced: valueAt(hit, "namespaced") === true };
}

function objectPath(ref: ObjectRef, { plural, namespaced }: KindResource): string {
  const parts = namespaced
    ? ["namespaces", namespaceOf(ref), plural, ref.name]
    : [plural, ref.name];
  return joined(ref, parts);
}

function joined({ apiVersion }: Typed, parts: readonly string[]): string {
  return [rootOf(apiVersion), ...parts.map(encodeURIComponent)].join("/");
}

function namespaceOf(ref: ObjectRef): string {
  if (ref.namespace !== undefined) return ref.namespace;
  throw new PromoterError(
    "ClusterRefused",
    `${describeRef(ref)} has no metadata.namespace, and a ${ref.kind} needs one`,
  );
}
