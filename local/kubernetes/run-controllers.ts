import type { Clock } from "../clock.ts";
import { type JsonObject, listAt, stringAt } from "../json-value.ts";
import { acceptedDefinition } from "./controllers/definition-controller.ts";
import { syncDeployment } from "./controllers/deployment-controller.ts";
import { type PodMaker, syncReplicaSet } from "./controllers/replica-set-controller.ts";
import { createWorkQueue } from "./controllers/work-queue.ts";
import type { NodeWorld } from "./nodes/kubelet.ts";
import { createPodRunner } from "./nodes/pod-runner.ts";
import { definitions, type Resources } from "./objects/custom-resources.ts";
import { isTerminating, nameOf, namespaceOf } from "./objects/object-value.ts";
import { knownResource, type Resource, resourceOfKind } from "./objects/resource-table.ts";
import { createRemover, type Remover } from "./storage/object-remover.ts";
import type { StoreChange } from "./storage/object-store.ts";

export interface Controllers {
  readonly remover: Remover;
  close(): void;
}

const deployments = knownResource("Deployment");
const replicaSets = knownResource("ReplicaSet");
const pods = knownResource("Pod");
const settleKey = "settle";

/**
 * What runs in a control plane and on its nodes: each looks again whenever something it is
 * concerned with has changed.
 */
export function runControllers(
  given: Omit<NodeWorld, "queue"> & Pick<PodMaker, "refusalOf"> & { readonly resources: Resources },
): Controllers {
  const { store, resources, writer, context, refusalOf } = given;
  const remover = createRemover({ store, resources, clock: context.clock });
  const queue = createWorkQueue(context.clock, (key) => look(key));
  const runner = createPodRunner({ ...given, queue });
  let count = 0;
  const world: PodMaker = {
    store,
    writer,
    now: () => context.clock.now(),
    lookAgain: (kind, object, at) => queue.later(at, () => queue.add(keyOf(kind, object))),
    removePod: (pod) => void remover.remove(knownResource("Pod"), pod, "Background"),
    refusalOf,
    nextNumber: () => ++count,
  };
  const look = (key: string): void => {
    if (key === settleKey) return void (remover.settle() && queue.add(settleKey));
    const [kind = "", namespace = "", name = ""] = key.split("/");
    const resource = resourceOfKind(kind);
    const object = resource && store.get(resource, namespace, name);
    if (object) sync(world, resource, object);
  };
  store.onChange((change) => {
    if (change.resource === definitions && change.kind === "put") {
      serveKinds({ store, writer, clock: context.clock }, change.object);
    }
    for (const key of concerned(change)) queue.add(key);
    if (change.resource === pods && change.kind === "put") runner.observe(change.object);
  });
  return { remover, close: () => queue.close() };
}

function sync(world: PodMaker, resource: Resource, object: JsonObject): void {
  if (resource === deployments) syncDeployment(world, object);
  if (resource === replicaSets) syncReplicaSet(world, object);
}

type Clocked = Pick<PodMaker, "store" | "writer"> & { readonly clock: Clock };

/** At once: whoever made the definition may go on with an object of it. */
function serveKinds({ store, writer, clock }: Clocked, definition: JsonObject): void {
  const live = store.get(definitions, "", nameOf(definition));
  if (!live) return;
  const write = writer.write("kube-apiserver", definitions, { subresource: "status" });
  const next = acceptedDefinition(live, clock.now());
  writer.commit({ resource: definitions, live, next, write, effect: "store" });
}

const keyOf = (kind: string, object: JsonObject): string =>
  `${kind}/${namespaceOf(object)}/${nameOf(object)}`;

function concerned({ kind, resource, object }: StoreChange): readonly string[] {
  const owners = listAt(object, "metadata", "ownerReferences").map(
    (owner) => `${stringAt(owner, "kind")}/${namespaceOf(object)}/${stringAt(owner, "name")}`,
  );
  const self =
    kind === "put" && (resource === deployments || resource === replicaSets)
      ? [keyOf(resource.kind, object)]
      : [];
  // A Recreate deployment waits for pods, two steps below it, to be gone.
  const waiting =
    kind === "removed" && resource === pods
      ? [`Deployment/${namespaceOf(object)}/${deploymentName(object)}`]
      : [];
  const ending = kind === "removed" || isTerminating(object) ? [settleKey] : [];
  return [...self, ...owners, ...waiting, ...ending];
}

/** A pod's name is its set's name and five letters, a set's name its deployment's and the hash. */
function deploymentName(pod: JsonObject): string {
  return nameOf(pod).split("-").slice(0, -2).join("-");
}
