import { PromoterError } from "../../domain/errors.ts";
import { isRecord, listAt, textAt } from "../../domain/json.ts";
import type { Typed } from "../../domain/pod-spec/kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import {
  fieldManager,
  type ApplyOptions,
  type Cluster,
  type ListQuery,
  type LogQuery,
} from "../../ports/cluster.ts";
import {
  kubernetesRequests,
  type ClusterConnection,
  type KubernetesAnswer,
  type SendRequest,
} from "./kubernetes-request.ts";
import { throwRefusal, type ClusterCall } from "./refuse.ts";
import { resourcesOf } from "./resource-paths.ts";

/**
 * A cluster behind its Kubernetes API. Server-side apply:
 * kubernetes.io/docs/reference/using-api/server-side-apply.
 */
export function kubernetesCluster(connection: ClusterConnection): Cluster {
  const { cluster } = connection;
  const send = kubernetesRequests(connection);
  const { pathOf, listPathOf, find } = resourcesOf(cluster, send);

  async function list(kind: Typed, query: ListQuery): Promise<readonly KubernetesObject[]> {
    const path = await listPathOf(kind, query.namespace);
    const doing = { doing: `listing ${describeList(kind, query)}`, cluster };
    const found: KubernetesObject[] = [];
    for (let from: string | undefined = ""; from !== undefined;) {
      const answer: KubernetesAnswer = await send({
        method: "GET",
        path,
        query: listQuery(query, from),
      });
      found.push(...itemsIn(answer, { ...doing, kind }));
      from = textAt(answer.body, "metadata", "continue") || undefined;
    }
    return found;
  }

  return {
    async read(ref) {
      if ((await find(ref)) === undefined) return undefined;
      const answer = await send({ method: "GET", path: await pathOf(ref) });
      return answer.status === 404
        ? undefined
        : objectIn(answer, { doing: `reading ${describeRef(ref)}`, cluster });
    },
    isNamespaced: async (kind) => (await find(kind))?.namespaced,
    version: () => readVersion(send, cluster),
    list,
    readPods: (namespace, selector) => list(podKind, { namespace, selector }),
    async readLog(ref, query) {
      const answer = await send(logRequest(await pathOf(ref), query));
      return logIn(answer, { doing: `reading the log of ${describeRef(ref)}`, cluster });
    },
    async apply(object, options) {
      const doing = `applying ${describeRef(refOf(object))}${asDryRun(options)}`;
      const place = { path: await pathOf(refOf(object)), query: writeQuery(options) };
      return objectIn(await send({ method: "PATCH", ...place, apply: object }), { doing, cluster });
    },
    async patch(ref, operations, { dryRun }) {
      const doing = `changing ${describeRef(ref)}${asDryRun({ dryRun })}`;
      const place = { path: await pathOf(ref), query: writeQuery({ dryRun, force: false }) };
      return objectIn(await send({ method: "PATCH", ...place, patch: operations }), {
        doing,
        cluster,
      });
    },
    async remove(ref, { foreground } = { foreground: false }) {
      if ((await find(ref)) === undefined) return;
      const answer = await send(removal(await pathOf(ref), foreground));
      if (answer.status >= 300 && answer.status !== 404) {
        throwRefusal({ doing: `removing ${describeRef(ref)}`, cluster }, answer);
      }
    },
  };
}

function asDryRun({ dryRun }: Pick<ApplyOptions, "dryRun">): string {
  return dryRun ? " as a dry run" : "";
}

function removal(path: string, foreground: boolean): Parameters<SendRequest>[0] {
  const query = foreground ? { query: { propagationPolicy: "Foreground" } } : {};
  return { method: "DELETE", path, ...query };
}

function writeQuery({ dryRun, force }: ApplyOptions): Readonly<Record<string, string>> {
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

const podKind: Typed = { apiVersion: "v1", kind: "Pod" };
/** Objects of a page: kubectl asks for as many. */
const pageSize = 500;

function describeList({ kind }: Typed, { namespace, selector, fields }: ListQuery): string {
  const which = [selector, fields].filter((part) => part !== undefined).join(" ");
  const where = namespace === undefined ? "" : ` of namespace ${namespace}`;
  return `the objects of kind ${kind}${which === "" ? "" : ` ${which}`}${where}`;
}

function listQuery(
  { selector, fields }: ListQuery,
  from: string,
): Readonly<Record<string, string>> {
  return {
    limit: String(pageSize),
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(fields === undefined ? {} : { fieldSelector: fields }),
    ...(from === "" ? {} : { continue: from }),
  };
}

/**
 * The items of a list carry neither apiVersion nor kind (API conventions, "Lists and Simple
 * kinds").
 */
function itemsIn(
  answer: KubernetesAnswer,
  { kind: { apiVersion, kind }, ...doing }: ClusterCall & { readonly kind: Typed },
): readonly KubernetesObject[] {
  if (answer.status >= 300) throwRefusal(doing, answer);
  const items = listAt(answer.body, "items").map((item) =>
    isRecord(item) ? { ...item, apiVersion, kind } : item,
  );
  return items.map((item) => (isKubernetesObject(item) ? item : throwUnexpected(doing)));
}

const maxLogBytes = 16 * 1024;

function logRequest(
  pod: string,
  { container, previous, lines }: LogQuery,
): Parameters<SendRequest>[0] {
  const query = {
    container,
    previous: String(previous),
    tailLines: String(lines),
    limitBytes: String(maxLogBytes),
  };
  return { method: "GET", path: `${pod}/log`, query, asText: true };
}

/**
 * A kubelet answers 400 about a container that has not run (kubernetes pkg/kubelet/kubelet_pods.go,
 * validateContainerLogStatus), the API server 204 about a pod that has no node yet
 * (pkg/registry/core/pod/strategy.go, LogLocation).
 */
function logIn({ status, body }: KubernetesAnswer, doing: ClusterCall): string | undefined {
  if (status === 204 || status === 400 || status === 404) return undefined;
  if (status >= 300) throwRefusal(doing, { status, body });
  return String(body);
}

/** Minor versions of EKS end with a plus sign. */
async function readVersion(send: SendRequest, cluster: string): Promise<string> {
  const doing = { doing: "reading the version", cluster };
  const answer = await send({ method: "GET", path: "/version" });
  if (answer.status >= 300) throwRefusal(doing, answer);
  const [major, minor] = [textAt(answer.body, "major"), textAt(answer.body, "minor")];
  return major === undefined || minor === undefined
    ? throwUnexpected(doing)
    : `${major}.${minor.replace(/\D.*$/, "")}`;
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
