import * as z from "zod";
import type { Ecr } from "../ecr/ecr.ts";
import type { Kubernetes } from "../kubernetes/create-kubernetes.ts";
import { imageTarget, layerTarget, repositoryTarget, type Target } from "./mishap-target.ts";
import type { Service, ServiceRequest, ServiceResponse } from "../service.ts";

/** What a person may let happen to the local cloud, to watch how a promotion takes it. */
const mishap = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("scan"), repository: z.string(), critical: z.number().int().min(0).default(0), high: z.number().int().min(0).default(0) }),
  z.strictObject({ kind: z.literal("scan-never"), repository: z.string() }),
  z.strictObject({ kind: z.literal("missing-layer"), repository: z.string(), layer: z.string().optional(), tag: z.string().optional() }),
  z.strictObject({ kind: z.literal("crash"), image: z.string(), exitCode: z.number().int().default(1) }),
  z.strictObject({ kind: z.literal("never-ready"), image: z.string() }),
  z.strictObject({ kind: z.literal("healthy"), image: z.string() }),
]);

type Mishap = z.output<typeof mishap>;

const usage = `One is a JSON object such as {"kind":"crash","image":"orderbook-ui"}; its kind is ${mishap.options.map(({ shape }) => shape.kind.value).join(", ")}.\n`;

interface Stage {
  readonly ecr: Ecr;
  readonly clusters: ReadonlyMap<string, Kubernetes>;
}

/** `POST /_local/mishap` with JSON. Not a part of any cloud, so no function can reach it; a page of another origin cannot either. */
export function createMishaps(stage: Stage): Service {
  return {
    name: "mishaps",
    prefixes: [{ prefix: "/_local/mishap", strip: true }],
    operation: () => undefined,
    handle: (request) => Promise.resolve(answer(stage, request)),
    close: () => Promise.resolve(),
  };
}

function answer(stage: Stage, { method, headers, body }: ServiceRequest): ServiceResponse {
  if (method !== "POST" || headers["origin"] !== undefined) return { status: 403, body: "only a POST from this machine, not from a web page\n" };
  const read = mishap.safeParse(json(body.toString("utf8")));
  if (!read.success) return { status: 400, body: `no mishap: ${z.prettifyError(read.error)}\n${usage}` };
  const target = targetOf(stage, read.data);
  if ("fault" in target) return { status: 400, body: `${target.fault}\n` };
  happen(stage, read.data, target.target);
  return { status: 200, body: `${JSON.stringify({ ...read.data, target: target.target })}\n` };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function targetOf({ ecr }: Stage, wanted: Mishap): Target {
  if (wanted.kind === "missing-layer") return layerTarget(ecr, wanted);
  return "image" in wanted ? imageTarget(ecr, wanted.image) : repositoryTarget(ecr, wanted.repository);
}

function happen({ ecr, clusters }: Stage, wanted: Mishap, target: string): void {
  const behave = (behaviour: Parameters<Kubernetes["behave"]>[1]): void => {
    for (const cluster of clusters.values()) cluster.behave(target, behaviour);
  };
  switch (wanted.kind) {
    case "scan": return ecr.scanner.set({ repository: target, result: { kind: "complete", counts: { CRITICAL: wanted.critical, HIGH: wanted.high } } });
    case "scan-never": return ecr.scanner.set({ repository: target, result: { kind: "never" } });
    case "missing-layer": return ecr.dropLayer(wanted.repository, target);
    case "crash": return behave({ kind: "crash", exitCode: wanted.exitCode });
    case "never-ready": return behave({ kind: "never-ready" });
    case "healthy": return behave(undefined);
    default: return wanted satisfies never;
  }
}
