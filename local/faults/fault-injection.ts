import * as z from "zod";
import type { Ecr } from "../ecr/ecr.ts";
import { parseJson } from "../json-value.ts";
import type { Kubernetes } from "../kubernetes/create-kubernetes.ts";
import type { Service, ServiceRequest, ServiceResponse } from "../service.ts";
import type { CallFaults } from "./call-faults.ts";
import {
  callTarget,
  imageTarget,
  invocationTarget,
  layerTarget,
  namespaceTarget,
  repositoryTarget,
  type FaultTarget,
} from "./fault-target.ts";
import { faultyAnswers, type InvocationFaults } from "./invocation-faults.ts";
import { scanFault, scanResultOf } from "./scan-fault.ts";

/** Of one function, or of every function. */
const calls = { service: z.string(), function: z.string().optional() };

/** What a person may inject, to watch how a promotion survives it. */
const fault = z.discriminatedUnion("kind", [
  scanFault,
  z.strictObject({ kind: z.literal("scan-never"), repository: z.string() }),
  z.strictObject({
    kind: z.literal("missing-layer"),
    repository: z.string(),
    layer: z.string().optional(),
    tag: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("crash"),
    image: z.string(),
    exitCode: z.number().int().default(1),
  }),
  z.strictObject({ kind: z.literal("never-ready"), image: z.string() }),
  z.strictObject({ kind: z.literal("healthy"), image: z.string() }),
  z.strictObject({
    kind: z.literal("pods-refused"),
    namespace: z.string(),
    message: z
      .string()
      .min(1)
      .default("exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4"),
  }),
  z.strictObject({ kind: z.literal("pods-admitted"), namespace: z.string() }),
  z.strictObject({
    kind: z.literal("refused"),
    objects: z.string(),
    namespace: z.string(),
    message: z.string().min(1),
  }),
  z.strictObject({ kind: z.literal("admitted"), objects: z.string(), namespace: z.string() }),
  z.strictObject({
    kind: z.literal("object"),
    object: z.string().regex(/^\w+\/.+$/, "a kind and a name, such as StatefulSet/db"),
    namespace: z.string(),
    as: z.enum(["ready", "not-ready", "failed"]),
  }),
  z.strictObject({ kind: z.literal("unreachable"), ...calls }),
  z.strictObject({ kind: z.literal("throttled"), ...calls }),
  z.strictObject({
    kind: z.literal("slow"),
    ...calls,
    milliseconds: z.number().int().min(1).max(60_000),
  }),
  z.strictObject({
    kind: z.literal("killed"),
    function: z.string(),
    calls: z.number().int().min(1).default(1),
  }),
  z.strictObject({
    kind: z.literal("answer"),
    function: z.string(),
    as: z.enum(faultyAnswers),
    times: z.number().int().min(1).default(1),
  }),
  z.strictObject({ kind: z.literal("undisturbed") }),
]);

type InjectedFault = z.output<typeof fault>;

const kinds = fault.options.map(({ shape }) => shape.kind.value).join(", ");
const usage = `One is a JSON object such as {"kind":"crash","image":"orderbook-ui"}; its kind is ${kinds}.\n`;

interface Stage {
  readonly ecr: Ecr;
  readonly clusters: ReadonlyMap<string, Kubernetes>;
  readonly callFaults: CallFaults;
  readonly invocations: InvocationFaults;
  /** Names of the services that functions call, and of the functions. */
  readonly services: () => readonly string[];
  readonly functions: readonly string[];
  /** Those of promoter.yml. */
  readonly namespaces: readonly string[];
}

/**
 * `POST /_local/faults` with JSON. Not a part of any cloud, so no function can reach it; a page of
 * another origin cannot either.
 */
export function createFaultInjection(stage: Stage): Service {
  return {
    name: "faults",
    prefixes: [{ prefix: "/_local/faults", strip: true }],
    operation: () => undefined,
    handle: (request) => Promise.resolve(answer(stage, request)),
    close: () => Promise.resolve(),
  };
}

function answer(stage: Stage, { method, headers, body }: ServiceRequest): ServiceResponse {
  if (method !== "POST" || headers["origin"] !== undefined) {
    return { status: 403, body: "only a POST from this machine, not from a web page\n" };
  }
  const read = fault.safeParse(parseJson(body.toString("utf8")));
  if (!read.success) {
    return { status: 400, body: `not a valid fault: ${z.prettifyError(read.error)}\n${usage}` };
  }
  const target = targetOf(stage, read.data);
  if ("refusal" in target) return { status: 400, body: `${target.refusal}\n` };
  inject(stage, read.data, target.target);
  return { status: 200, body: `${JSON.stringify({ ...read.data, target: target.target })}\n` };
}

function targetOf(
  { ecr, services, functions, namespaces }: Stage,
  wanted: InjectedFault,
): FaultTarget {
  if (wanted.kind === "answer") return invocationTarget(wanted.function, functions);
  if (wanted.kind === "missing-layer") return layerTarget(ecr, wanted);
  if ("namespace" in wanted) return namespaceTarget(wanted.namespace, namespaces);
  if ("image" in wanted) return imageTarget(ecr, wanted.image);
  if ("repository" in wanted) return repositoryTarget(ecr, wanted.repository);
  return wanted.kind === "undisturbed"
    ? { target: "every call" }
    : callTarget(wanted, { services: services(), functions });
}

function inject(
  { ecr, clusters, callFaults, invocations }: Stage,
  wanted: InjectedFault,
  target: string,
): void {
  const behave = (behaviour: Parameters<Kubernetes["behave"]>[1]): void => {
    for (const cluster of clusters.values()) cluster.behave(target, behaviour);
  };
  switch (wanted.kind) {
    case "scan":
      return ecr.scanner.set({ repository: target, result: scanResultOf(wanted) });
    case "scan-never":
      return ecr.scanner.set({ repository: target, result: { kind: "never" } });
    case "missing-layer":
      return ecr.dropLayer(wanted.repository, target);
    case "crash":
      return behave({ kind: "crash", exitCode: wanted.exitCode });
    case "never-ready":
      return behave({ kind: "never-ready" });
    case "healthy":
      return behave(undefined);
    case "pods-refused":
    case "pods-admitted":
      for (const cluster of clusters.values()) {
        cluster.refuse("Pod", target, wanted.kind === "pods-refused" ? wanted.message : undefined);
      }
      return;
    case "refused":
    case "admitted":
      for (const cluster of clusters.values()) {
        const words = wanted.kind === "refused" ? wanted.message : undefined;
        cluster.refuse(wanted.objects, target, words);
      }
      return;
    case "object":
      for (const cluster of clusters.values()) {
        cluster.stand(wanted.object, target, wanted.as === "ready" ? undefined : wanted.as);
      }
      return;
    case "unreachable":
    case "throttled":
    case "slow":
    case "killed":
      return callFaults.add(wanted);
    case "answer":
      return invocations.add(wanted);
    case "undisturbed":
      callFaults.clear();
      return invocations.clear();
    default:
      return wanted satisfies never;
  }
}
