import type { JsonObject } from "../json-value.ts";
import type { CloudContext, Service, ServiceResponse } from "../service.ts";
import { type Admission, createAdmission, podRefusal } from "./admission/admission.ts";
import {
  type Answer,
  answerRequest,
  type AnswerWorld,
  type Authorize,
  type Identity,
} from "./answer-request.ts";
import {
  type BehaviourBook,
  type ContainerBehaviour,
  createBehaviourBook,
} from "./nodes/container-behaviour.ts";
import { createContainerLogs } from "./nodes/container-logs.ts";
import type { Pulled } from "./nodes/kubelet.ts";
import type { Node } from "./nodes/node-labels.ts";
import { createResources, definitions } from "./objects/custom-resources.ts";
import { knownResource } from "./objects/resource-table.ts";
import { kubernetesOperation } from "./requests/kubernetes-operation.ts";
import { runControllers } from "./run-controllers.ts";
import { type AskServer, createStandIn } from "./stand-in/create-stand-in.ts";
import {
  createVerdictBook,
  type Player,
  playLocally,
  type VerdictBook,
} from "./stand-in/play-locally.ts";
import type { Verdict } from "./stand-in/workload-status.ts";
import { createObjectStore } from "./storage/object-store.ts";
import { createObjectWriter, type ObjectWriter } from "./storage/object-writer.ts";

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
   * Objects of a kind are refused in a namespace in these words, as by a quota or a webhook;
   * undefined: no longer.
   */
  refuse(kind: string, namespace: string, words: string | undefined): void;
  /**
   * How an object without a controller here turns out (`StatefulSet/db`; of no namespace: ""),
   * ready if nobody says otherwise and its containers behave.
   */
  stand(object: string, namespace: string, verdict: Verdict | undefined): void;
  /** The stored objects of a kind, in the order of their names; an empty namespace means all. */
  objects(kind: string, namespace: string): readonly JsonObject[];
}

const quick = { start: 50, ready: 100, stop: 50 };

/** A Kubernetes API server with its controllers and nodes, in memory. */
export function createKubernetes(context: CloudContext, options: KubernetesOptions): Kubernetes {
  const { timing = quick } = options;
  const store = createObjectStore();
  const resources = createResources(() => store.list(definitions, ""));
  const writer = createObjectWriter({ store, clock: context.clock });
  const behaviours = createBehaviourBook(options.tagsOf);
  const nodes = options.nodes ?? [{ os: "linux", architecture: "amd64" }];
  const admission = createAdmission();
  const logs = createContainerLogs();
  const controllers = runControllers({
    refusalOf: (pod) => podRefusal(admission, pod),
    context,
    store,
    resources,
    writer,
    nodes,
    behaviours,
    logs,
    timing,
    pullImage: options.pullImage,
  });
  makeFirstNamespaces(writer);
  const world = {
    store,
    resources,
    writer,
    remover: controllers.remover,
    admission,
    logs,
    clock: context.clock,
    authenticate: options.authenticate,
    authorize: options.authorize,
  };
  const verdicts = createVerdictBook(behaviours);
  const player = playStandIn({
    context,
    world,
    verdicts,
    nodes,
    delay: timing.start + timing.ready,
  });
  return {
    name: `kubernetes ${options.cluster}`,
    prefixes: [{ prefix: `/_kubernetes/${options.cluster}`, strip: true }],
    operation: (request) => kubernetesOperation(options.cluster, resources, request),
    handle: (request) => Promise.resolve(responseOf(answerRequest(world, request))),
    close() {
      player.close();
      controllers.close();
      return Promise.resolve();
    },
    ...controls({ admission, behaviours, verdicts, wake: () => player.wake() }),
    objects: (kind, namespace) =>
      resources
        .all()
        .filter((one) => one.kind === kind)
        .flatMap((one) => store.list(one, namespace)),
  };
}

interface Controlled {
  readonly admission: Admission;
  readonly behaviours: BehaviourBook;
  readonly verdicts: VerdictBook;
  readonly wake: () => void;
}

function controls({
  admission,
  behaviours,
  verdicts,
  wake,
}: Controlled): Pick<Kubernetes, "behave" | "refuse" | "stand"> {
  return {
    behave(image, behaviour) {
      behaviours.set(image, behaviour);
      wake();
    },
    refuse: (kind, namespace, words) => admission.refuse(kind, namespace, words),
    stand(object, namespace, verdict) {
      verdicts.set(object, namespace, verdict);
      wake();
    },
  };
}

function makeFirstNamespaces(writer: ObjectWriter): void {
  for (const name of ["default", "kube-system"]) {
    writer.create(knownResource("Namespace"), { metadata: { name } });
  }
}

interface Play {
  readonly context: CloudContext;
  readonly world: AnswerWorld;
  readonly verdicts: VerdictBook;
  readonly nodes: readonly Node[];
  readonly delay: number;
}

function playStandIn({ context, world, verdicts, nodes, delay }: Play): Player {
  const standIn = createStandIn({
    ask: askWithin(world),
    now: () => context.clock.now(),
    verdictOf: (kind, object) => verdicts.of(kind, object),
    nodes: nodes.length,
  });
  const { store, clock } = world;
  const track = (work: Promise<void>): Promise<void> => context.track(work);
  return playLocally({ store, clock, track, delay }, standIn);
}

/** As the administrator, past whoever watches the requests from outside. */
function askWithin(world: AnswerWorld): AskServer {
  const inside = { ...world, authenticate: undefined, authorize: undefined };
  return (method, path, body) => {
    const { pathname, searchParams: query } = new URL(path, "http://inside");
    const { code, body: answer } = answerRequest(inside, {
      method,
      path: pathname,
      query,
      headers: { "content-type": "application/merge-patch+json" },
      body: Buffer.from(JSON.stringify(body) ?? ""),
      caller: { accessKeyId: undefined, role: undefined, functionName: undefined },
    });
    return Promise.resolve({ code, body: answer });
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
