import { ownEntry } from "../own-entry.ts";
import { isRecord, listAt, numberAt, recordAt, textAt, valueAt } from "./json.ts";
import { describeRef, refOf, type KubernetesObject } from "./object.ts";

/**
 * What is plainly wrong with an object that the server could not be asked about, because its namespace does not exist yet; empty: nothing
 * found. It replaces no dry run, and the plan says so.
 */
export function validateLocally(object: KubernetesObject): readonly string[] {
  const problems = [...addressProblems(object), ...kindProblems(object)];
  return problems.map((problem) => `${describeRef(refOf(object))}: ${problem}`);
}

/** RFC 1123 subdomain and label: kubernetes.io/docs/concepts/overview/working-with-objects/names. */
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const groupVersion = /^([a-z0-9.-]+\/)?v[0-9a-z]+$/;

function addressProblems({ apiVersion, kind, metadata }: KubernetesObject): readonly string[] {
  return [
    ...problemIf(!groupVersion.test(apiVersion), `apiVersion "${apiVersion}" is not of the form v1 or apps/v1`),
    ...problemIf(!/^[A-Z]\w*$/.test(kind), `kind "${kind}" is not a kind`),
    ...problemIf(!subdomain.test(metadata.name), `metadata.name "${metadata.name}" is not a lower-case RFC 1123 name`),
    ...problemIf(
      metadata.namespace !== undefined && !label.test(metadata.namespace),
      `metadata.namespace "${metadata.namespace}" is not a lower-case RFC 1123 label`,
    ),
    ...problemIf("managedFields" in metadata, "metadata.managedFields must not be applied; remove it"),
  ];
}

function kindProblems(object: KubernetesObject): readonly string[] {
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return [...selectorProblems(object), ...containerProblems(object)];
    case "Service":
      return portProblems(object);
    case "ConfigMap":
      return dataProblems(object);
    default:
      return [];
  }
}

function selectorProblems(object: KubernetesObject): readonly string[] {
  const selected = Object.entries(recordAt(object, "spec", "selector", "matchLabels"));
  const labels = recordAt(object, "spec", "template", "metadata", "labels");
  const strangers = selected.filter(([name, value]) => ownEntry(labels, name) !== value);
  return [
    ...problemIf(!isRecord(valueAt(object, "spec", "selector")), "spec.selector is missing"),
    ...strangers.map(([name, value]) => `spec.selector.matchLabels ${name}=${String(value)} is not a label of spec.template`),
  ];
}

function containerProblems(object: KubernetesObject): readonly string[] {
  const containers = listAt(object, "spec", "template", "spec", "containers");
  const names = containers.map((container) => textAt(container, "name"));
  const twice = names.filter((name, index) => name !== undefined && names.indexOf(name) !== index);
  return [
    ...problemIf(containers.length === 0, "spec.template.spec.containers is empty"),
    ...names.flatMap((name, index) => problemIf(!name, `spec.template.spec.containers[${index}] has no name`)),
    ...twice.map((name) => `spec.template.spec.containers has two named "${name}"`),
    ...containers.flatMap((container, index) => problemIf(!textAt(container, "image"), `spec.template.spec.containers[${index}] has no image`)),
  ];
}

function portProblems(object: KubernetesObject): readonly string[] {
  const ports = listAt(object, "spec", "ports").map((port) => numberAt(port, "port"));
  return ports.flatMap((port, index) => problemIf(!isPort(port), `spec.ports[${index}].port is not a number from 1 to 65535`));
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function dataProblems(object: KubernetesObject): readonly string[] {
  const data = object["data"];
  if (data === undefined) return [];
  if (!isRecord(data)) return ["data is not a map"];
  const odd = Object.entries(data).filter(([, value]) => typeof value !== "string");
  return odd.map(([key]) => `data["${key}"] is not a text; put it in quotes`);
}

function problemIf(wrong: boolean, problem: string): readonly string[] {
  return wrong ? [problem] : [];
}
