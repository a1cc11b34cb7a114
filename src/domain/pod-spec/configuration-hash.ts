import { canonicalJson } from "../hash.ts";
import { listAt, recordAt, textAt } from "../json.ts";
import type { Difference } from "../plan.ts";
import { containerLists } from "./containers.ts";
import { kindOf, rolls, type Kind } from "./kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "./object.ts";
import { storedForm } from "./secret-values.ts";

/** On pod templates: it changes with the ConfigMaps and Secrets that the pods use. */
export const configurationAnnotation = "promoter/configuration";

/** Enough to tell two apart, short enough to be read in a plan. */
const macLength = 32;

/**
 * The ConfigMaps and Secrets among the objects from which the pods of a workload take variables or
 * volumes; none of what does not restart by its template.
 */
export function configurationOf(
  workload: KubernetesObject,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  if (!rolls(workload)) return [];
  const used = new Set(referencesOf(workload));
  const { namespace } = workload.metadata;
  return objects.filter(
    (one) => one.metadata.namespace === namespace && used.has(keyOfObject(one)),
  );
}

/**
 * A workload with its annotation; as it is, if it uses none of the objects. `authenticate` must
 * have a secret key: a bare hash would let whoever reads the workload try every short Secret.
 */
export function withConfiguration(
  workload: KubernetesObject,
  objects: readonly KubernetesObject[],
  authenticate: (text: string) => string,
): KubernetesObject {
  const used = configurationOf(workload, objects);
  if (used.length === 0) return workload;
  const contents = used.map((one) => [keyOfObject(one), contentOf(one)] as const);
  const mac = authenticate(canonicalJson(Object.fromEntries(contents))).slice(0, macLength);
  return annotated(workload, templateOf(workload), mac) as KubernetesObject;
}

/**
 * Of what changes although pods that use it do not restart, the plan names the workloads: pods read
 * variables when they start, and many programs read files only then.
 */
export function noteOldValues(
  differences: readonly Difference[],
  objects: readonly KubernetesObject[],
): readonly Difference[] {
  const staying = differences.filter(({ kind, restartedBy }) => kind !== "create" && !restartedBy);
  const names = new Set(staying.map(({ object }) => object));
  const kept = objects.filter((one) => rolls(one) && names.has(nameOf(one)));
  return differences.map((one) => {
    if (!changesContent(one)) return one;
    const users = kept.filter((workload) =>
      configurationOf(workload, objects).some((used) => nameOf(used) === one.object),
    );
    if (users.length === 0) return one;
    const note = `pods of ${users.map(nameOf).join(", ")} keep the old values until they restart`;
    return { ...one, note: one.note === undefined ? note : `${one.note}; ${note}` };
  });
}

const content = /^(?:data|binaryData|stringData)\b/;

function changesContent({ kind, fields, more }: Difference): boolean {
  return kind === "change" && (more !== undefined || fields.some(({ path }) => content.test(path)));
}

function nameOf(object: KubernetesObject): string {
  return describeRef(refOf(object));
}

/** As the server stores it: how it was written restarts nothing. */
function contentOf(object: KubernetesObject): object {
  const stored = kindOf(object).holds === "secrets" ? storedForm(object) : object;
  return { data: recordAt(stored, "data"), binaryData: recordAt(stored, "binaryData") };
}

function keyOf(holds: Kind["holds"], name: string | undefined): string {
  return `${holds ?? ""}/${name ?? ""}`;
}

/** A custom kind of the same name is not what pods refer to. */
function keyOfObject(object: KubernetesObject): string {
  const { group, holds } = kindOf(object);
  return keyOf(group === "" ? holds : undefined, object.metadata.name);
}

function templateOf(workload: KubernetesObject): readonly string[] {
  return kindOf(workload).template ?? [];
}

/** kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1: EnvVar, Volume. */
function referencesOf(workload: KubernetesObject): readonly string[] {
  const pod = recordAt(workload, ...templateOf(workload), "spec");
  const containers = containerLists.flatMap((list) => listAt(pod, list));
  return [
    ...containers.flatMap((container) => [
      ...listAt(container, "env").flatMap((one) => [
        keyOf("texts", textAt(one, "valueFrom", "configMapKeyRef", "name")),
        keyOf("secrets", textAt(one, "valueFrom", "secretKeyRef", "name")),
      ]),
      ...listAt(container, "envFrom").flatMap((one) => [
        keyOf("texts", textAt(one, "configMapRef", "name")),
        keyOf("secrets", textAt(one, "secretRef", "name")),
      ]),
    ]),
    ...listAt(pod, "volumes").flatMap((volume) => [
      keyOf("texts", textAt(volume, "configMap", "name")),
      keyOf("secrets", textAt(volume, "secret", "secretName")),
      ...listAt(volume, "projected", "sources").flatMap((one) => [
        keyOf("texts", textAt(one, "configMap", "name")),
        keyOf("secrets", textAt(one, "secret", "name")),
      ]),
    ]),
  ];
}

/** Beside the annotations that the template has already. */
function annotated(value: object, template: readonly string[], mac: string): object {
  const [field, ...rest] = template;
  if (field !== undefined) {
    return { ...value, [field]: annotated(recordAt(value, field), rest, mac) };
  }
  const metadata = recordAt(value, "metadata");
  const annotations = { ...recordAt(metadata, "annotations"), [configurationAnnotation]: mac };
  return { ...value, metadata: { ...metadata, annotations } };
}
