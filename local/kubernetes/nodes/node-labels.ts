import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
} from "../../json-value.ts";
import { selectorMatches } from "../objects/label-selector.ts";

export interface Node {
  readonly os: string;
  readonly architecture: string;
  /** Of its processor, such as `v2` of amd64. */
  readonly variant?: string;
}

export interface NodePlace {
  readonly name: string;
  readonly region: string;
  readonly zone: string;
}

const instanceTypes: Readonly<Record<string, string>> = { arm64: "m6g.large" };

/**
 * The labels that every kubelet sets, those of a node of EC2 among them
 * (https://kubernetes.io/docs/reference/labels-annotations-taints/), the beta ones among them,
 * which it still sets for manifests from before 1.14: pkg/kubelet/kubelet_node_status.go,
 * initialNode.
 */
export function nodeLabels(
  { os, architecture }: Node,
  { name, region, zone }: NodePlace,
): Readonly<Record<string, string>> {
  const instanceType = instanceTypes[architecture] ?? "m6i.large";
  return {
    "node.kubernetes.io/instance-type": instanceType,
    "beta.kubernetes.io/instance-type": instanceType,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": zone,
    "failure-domain.beta.kubernetes.io/region": region,
    "failure-domain.beta.kubernetes.io/zone": zone,
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": os,
    "kubernetes.io/arch": architecture,
    "beta.kubernetes.io/os": os,
    "beta.kubernetes.io/arch": architecture,
  };
}

/**
 * Whether a pod may run there by its nodeSelector and the affinity that it requires
 * (component-helpers, scheduling/corev1/nodeaffinity).
 */
export function accepts(labels: Readonly<Record<string, string>>, podSpec: JsonObject): boolean {
  const wanted = Object.entries(objectAt(podSpec, "nodeSelector"));
  const terms = listAt(
    podSpec,
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    (terms.length === 0 || terms.some((term) => termMatches(term, labels)))
  );
}

/** An empty term matches no node. */
function termMatches(term: Json, labels: Readonly<Record<string, string>>): boolean {
  const [expressions, fields] = [listAt(term, "matchExpressions"), listAt(term, "matchFields")];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((one) => expressionMatches(one, labels)) &&
    fields.every((one) =>
      expressionMatches(one, { "metadata.name": labels["kubernetes.io/hostname"] ?? "" }),
    )
  );
}

function expressionMatches(expression: Json, labels: Readonly<Record<string, string>>): boolean {
  const operator = stringAt(expression, "operator");
  if (operator !== "Gt" && operator !== "Lt") {
    return selectorMatches({ matchExpressions: [expression] }, labels);
  }
  const [label, bound] = [
    Number(labels[stringAt(expression, "key") ?? ""]),
    Number(listAt(expression, "values")[0] ?? numberAt(expression, "values")),
  ];
  return operator === "Gt" ? label > bound : label < bound;
}
