import type { JsonObject } from "../json-value.ts";
import type { CloudContext, Service, ServiceResponse } from "../service.ts";
import { type Answer, answerRequest, type Authorize, type Identity } from "./answer-request.ts";
import { createPodAdmission } from "./controllers/pod-admission.ts";
import { type ContainerBehaviour, createBehaviourBook } from "./nodes/container-behaviour.ts";
import { createContainerLogs } from "./nodes/container-logs.ts";
import type { Pulled } from "./nodes/kubelet.ts";
import type { Node } from "./nodes/node-labels.ts";
import { createResources, definitions } from "./objects/custom-resources.ts";
import { knownResource } from "./objects/resource-table.ts";
import { kubernetesOperation } from "./requests/kubernetes-operation.ts";
import { runControllers } from "./run-controllers.ts";
import { createObjectStore } from "./storage/object-store.ts";
import { createObjectWriter } from "./storage/object-writer.ts";

export interface KubernetesOptions {
  readonly cluster: string;
  /** Asks the registry for the image, as a node's container runtime does. */
  readonly pullImage: (reference: string, platform: Node) => Promise<Pulled>;
  /**
   * The tags (`repository:tag`) of an image in the registry, so that `behave` may name it by any of
   * them.
   */
  readonly tagsOf?: (digest: string) => readonly string[];
  readonly nodes?: readonly Node[];
  /** Who a bearer token belongs to; without this everybody is the administrator. */
  readonly authenticate?: (token: string | undefined) => Identity | undefined;
  /** What the identity may do; without this everything. */
  readonly authorize?: Authorize;
  /** Milliseconds that a container takes to start, to become ready, and to stop. */
  readonly timing?: { readonly start: number; readonly ready: number; readonly stop: number };
}

export interface Kubernetes extends Service {
  /**
   * Scripts the containers of an image (reference, digest, `repository:tag` or repository) from
   * their next start on.
   */
  behave(image: string, behaviour: ContainerBehaviour | undefined): void;
  /**
   * New pods of a namespace are refused in these words, as by a quota or a webhook; undefined: no
   * longer.
   */
  refusePods(namespace: string, words: string | undefined): void;
  /** The stored objects of a kind, in the order of their names; an empty namespace means all. */
  objects(kind: string, namespace: string): readonly JsonObject[];
}

const quick = { start: 50, ready: 100, stop: 50 };

/** A Kubernetes API server with its controllers and nodes, in memory. */
export function createKubernetes(context: CloudContext, options: KubernetesOptions): Kubernetes {
  const store = createObjectStore();
  const resources = createResources(() => store.list(definitions, ""));
  const writer = createObjectWriter({ store, clock: context.clock });
  const behaviours = createBehaviourBook(options.tagsOf);
  const nodes = options.nodes ?? [{ os: "linux", architecture: "amd64" }];
  const admission = createPodAdmission();
  const logs = createContainerLogs();
  const controllers = runControllers({
    refusalOf: (pod) => admission.refusalOf(pod),
    context,
    store,
    resources,
    writer,
    nodes,
    behaviours,
    logs,
    timing: options.timing ?? quick,
    pullImage: options.pullImage,
  });
  for (const name of ["default", "kube-system"]) {
    writer.create(knownResource("Namespace"), { metadata: { name } });
  }
  const world = {
    store,
    resources,
    writer,
    remover: controllers.remover,
    logs,
    clock: context.clock,
    authenticate: options.authenticate,
    authorize: options.authorize,
  };
  return {
    name: `kubernetes ${options.cluster}`,
    prefixes: [{ prefix: `/_kubernetes/${options.cluster}`, strip: true }],
    operation: (request) => kubernetesOperation(options.cluster, resources, request),
    handle: (request) => Promise.resolve(responseOf(answerRequest(world, request))),
    close: () => Promise.resolve(controllers.close()),
    behave: (image, behaviour) => behaviours.set(image, behaviour),
    refusePods: (namespace, words) => admission.refuse(namespace, words),
    objects(kind, namespace) {
      const resource = resources.all().find((one) => one.kind === kind);
      return resource ? store.list(resource, namespace) : [];
    },
  };
}

function responseOf(answer: Answer): ServiceResponse {
  const warnings = answer.warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(", ");
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-cache, private",
    ...(warnings === "" ? {} : { warning: warnings }),
  };
  if (answer.stream) return { status: answer.code, headers, stream: answer.stream };
  if (answer.body === undefined) {
    const text = answer.text ?? "404 page not found\n";
    return {
      status: answer.code,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: text,
    };
  }
  return { status: answer.code, headers, body: `${JSON.stringify(answer.body)}\n` };
}
