import { PromoterError } from "../../src/domain/errors.ts";
import {
  isList,
  isRecord,
  listAt,
  numberAt,
  recordAt,
  textAt,
  valueAt,
  withoutKeys,
  type JsonRecord,
} from "../../src/domain/json.ts";
import { isDefinition, kindOf } from "../../src/domain/pod-spec/kinds.ts";
import {
  describeRef,
  refOf,
  type KubernetesObject,
  type ObjectRef,
} from "../../src/domain/pod-spec/object.ts";
import { defines } from "../../src/domain/pod-spec/scopes.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { fieldManager, type Cluster, type PatchOperation } from "../../src/ports/cluster.ts";

type RolloutScript = "complete" | "progressing" | "stalled";
type ScriptOf = (deployment: KubernetesObject) => RolloutScript;

export interface FakeCluster extends Cluster {
  /** How Deployments get on from now on, by the object where that matters. */
  rollout(script: RolloutScript | ScriptOf): void;
  /** Another manager applies, taking over what it names. */
  applyAs(manager: string, object: KubernetesObject): void;
  objects(): readonly KubernetesObject[];
  /** Every write that was asked for, dry runs too, in order. */
  readonly writes: readonly string[];
  failNext(method: keyof Cluster, error: Error): void;
}

/** The leaves of what each manager applied, by their path; the live object is all of them together. */
interface Stored {
  readonly ref: ObjectRef;
  readonly managers: ReadonlyMap<string, Leaves>;
  readonly generation: number;
  readonly appliedAt: number;
}
type Leaves = ReadonlyMap<string, unknown>;

/**
 * A cluster in memory. It knows the namespace `default`, applies field by field, and rolls out as
 * it is told to: at once.
 */
export function fakeCluster({ clock }: { readonly clock: Clock }): FakeCluster {
  const stored = new Map<string, Stored>();
  const failures = new Map<keyof Cluster, Error[]>();
  const writes: string[] = [];
  let script = always("complete");

  const called = (method: keyof Cluster): void => {
    const failure = failures.get(method)?.shift();
    if (failure) throw failure;
  };
  const live = (one: Stored): KubernetesObject => withStatus(viewOf(one), { one, script });
  const all = (): readonly KubernetesObject[] => [...stored.values()].map(live);
  const put = (
    object: KubernetesObject,
    { manager, force }: { readonly manager: string; readonly force: boolean },
  ): Stored => {
    const ref = refOf(object);
    if (
      ref.namespace !== undefined &&
      ref.namespace !== "default" &&
      !stored.has(keyOf(namespaceRef(ref.namespace)))
    ) {
      throw new PromoterError(
        "ClusterRefused",
        `applying ${describeRef(ref)}: namespaces "${ref.namespace}" not found`,
      );
    }
    refuseImmutable(stored.get(keyOf(ref)), object);
    return applied(stored.get(keyOf(ref)), { object, manager, force, now: clock.now() });
  };

  return {
    writes,
    objects: all,
    rollout: (next) => void (script = typeof next === "function" ? next : always(next)),
    applyAs(manager, object) {
      stored.set(keyOf(refOf(object)), put(object, { manager, force: true }));
    },
    failNext: (method, error) =>
      void failures.set(method, [...(failures.get(method) ?? []), error]),
    async read(ref) {
      called("read");
      const found = stored.get(keyOf(ref));
      return found && live(found);
    },
    async isNamespaced({ apiVersion, kind }) {
      called("isNamespaced");
      const { scope } = kindOf({ apiVersion, kind });
      const definition = all().find(
        (one) => isDefinition(one) && defines(one, { apiVersion, kind }),
      );
      if (scope !== "unknown") return scope === "namespace";
      return definition && textAt(definition, "spec", "scope") === "Namespaced";
    },
    async version() {
      called("version");
      return "1.36";
    },
    async list(kind, { namespace, selector = "", fields = "" }) {
      called("list");
      return all().filter(
        (object) =>
          object.kind === kind.kind &&
          object.apiVersion === kind.apiVersion &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          (selector === "" || matches(recordAt(object.metadata, "labels"), selector)) &&
          (fields === "" || matchesFields(object, fields)),
      );
    },
    async readPods(namespace, selector) {
      called("readPods");
      const inNamespace = [...stored.values()].filter(({ ref }) => ref.namespace === namespace);
      const pods = inNamespace.flatMap((one) => podsOf(one, script));
      return pods.filter(({ metadata }) => matches(recordAt(metadata, "labels"), selector));
    },
    async readLog(ref, { previous }) {
      called("readLog");
      const pod = [...stored.values()]
        .filter((one) => one.ref.namespace === ref.namespace)
        .flatMap((one) => podsOf(one, script))
        .find(({ metadata }) => metadata.name === ref.name);
      const [status] = listAt(pod, "status", "containerStatuses");
      return previous && valueAt(status, "lastState") === undefined ? undefined : lastLog;
    },
    async apply(object, { dryRun, force }) {
      writes.push(`${dryRun ? "dry run" : "apply"} ${describeRef(refOf(object))}`);
      called("apply");
      const next = put(object, { manager: fieldManager, force });
      if (!dryRun) stored.set(keyOf(next.ref), next);
      return live(next);
    },
    async patch(ref, operations, { dryRun }) {
      writes.push(`${dryRun ? "dry run of a patch of" : "patch"} ${describeRef(ref)}`);
      called("patch");
      const before = stored.get(keyOf(ref));
      if (!before) throw new PromoterError("ClusterRefused", `${describeRef(ref)} does not exist`);
      const next = patched(before, operations);
      if (!dryRun) stored.set(keyOf(ref), next);
      return live(next);
    },
    async remove(ref) {
      writes.push(`remove ${describeRef(ref)}`);
      called("remove");
      stored.delete(keyOf(ref));
    },
  };
}

const always =
  (script: RolloutScript): ScriptOf =>
  () =>
    script;
const namespaceRef = (name: string): ObjectRef => ({
  apiVersion: "v1",
  kind: "Namespace",
  name,
  namespace: undefined,
});
const keyOf = (ref: ObjectRef): string => `${ref.apiVersion} ${describeRef(ref)}`;

/** What a Job runs never changes. */
function refuseImmutable(before: Stored | undefined, object: KubernetesObject): void {
  if (!before || object.kind !== "Job") return;
  const [was, is] = [viewOf(before), object].map((one) => JSON.stringify(recordAt(one, "spec")));
  if (was === is) return;
  const message = `applying ${describeRef(refOf(object))}: spec.template: field is immutable`;
  throw new PromoterError("ClusterRefused", message, { details: { immutable: true } });
}

interface Application {
  readonly object: KubernetesObject;
  readonly manager: string;
  readonly force: boolean;
  readonly now: number;
}

function applied(before: Stored | undefined, { object, manager, force, now }: Application): Stored {
  const leaves = leavesOf(object);
  const others = [...(before?.managers ?? [])].filter(([name]) => name !== manager);
  const conflicts = others.flatMap(([name, theirs]) =>
    [...theirs]
      .filter(([path, value]) => differs(leaves, path, value))
      .map(([path]) => `${shown(path)} (${name})`),
  );
  if (conflicts.length > 0 && !force) {
    throw new PromoterError(
      "FieldConflict",
      `applying ${describeRef(refOf(object))}: other managers own ${conflicts.join(", ")}`,
    );
  }
  const kept = others.map(
    ([name, theirs]) =>
      [
        name,
        new Map([...theirs].filter(([path, value]) => !differs(leaves, path, value))),
      ] as const,
  );
  const next = { ref: refOf(object), managers: new Map([...kept, [manager, leaves] as const]) };
  const same = before && JSON.stringify(specOf(before)) === JSON.stringify(specOf(next));
  return {
    ...next,
    generation: (before?.generation ?? 0) + (same ? 0 : 1),
    appliedAt: same ? before.appliedAt : now,
  };
}

/** Operations on whole fields of the object and its metadata, as far as promotions need them. */
function patched(before: Stored, operations: readonly PatchOperation[]): Stored {
  const after = operations.reduce<JsonRecord>(
    (object, operation) => withField(object, operation.path.split("/").slice(1), operation),
    viewOf(before),
  ) as KubernetesObject;
  const entries = listAt(after, "metadata", "managedFields");
  const leaves = [
    ...leavesOf({ ...after, metadata: withoutKeys(after.metadata, bookkeeping) as never }),
  ];
  const managers = new Map(
    entries.map((entry) => [
      textAt(entry, "manager") ?? "",
      new Map(leaves.filter(([path]) => ownedBy(entry, path))),
    ]),
  );
  const nobodys = leaves.filter(([path]) => !entries.some((entry) => ownedBy(entry, path)));
  if (nobodys.length > 0) {
    managers.set(fieldManager, new Map([...(managers.get(fieldManager) ?? []), ...nobodys]));
  }
  const next = { ...before, managers };
  const same = JSON.stringify(specOf(before)) === JSON.stringify(specOf(next));
  return same ? next : { ...next, generation: before.generation + 1 };
}

const ownedBy = (entry: unknown, path: string): boolean =>
  owns(valueAt(entry, "fieldsV1"), segments(path));

const bookkeeping = ["generation", "uid", "managedFields"];

function owns(fields: unknown, [part, ...rest]: readonly string[]): boolean {
  if (part === undefined || !isRecord(fields)) return part === undefined;
  return Object.keys(fields).length === 0 || (part in fields && owns(fields[part], rest));
}

function withField(
  object: JsonRecord,
  [field = "", ...rest]: readonly string[],
  operation: PatchOperation,
): JsonRecord {
  if (rest.length > 0) {
    return { ...object, [field]: withField(recordAt(object, field), rest, operation) };
  }
  if (operation.op === "remove") return withoutKeys(object, [field]);
  return { ...object, [field]: operation.value };
}

function differs(leaves: Leaves, path: string, value: unknown): boolean {
  return leaves.has(path) && JSON.stringify(leaves.get(path)) !== JSON.stringify(value);
}

/** What the generation counts: everything but metadata. */
function specOf({ managers }: Pick<Stored, "managers">): unknown {
  return [...mergedLeaves(managers)]
    .filter(([path]) => !path.startsWith('["f:metadata"'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function mergedLeaves(managers: Stored["managers"]): Leaves {
  return new Map([...managers.values()].flatMap((leaves) => [...leaves]));
}

function leavesOf({
  metadata: { name: _name, namespace: _namespace, ...metadata },
  apiVersion: _apiVersion,
  kind: _kind,
  ...rest
}: KubernetesObject): Leaves {
  return new Map(leavesBelow([], { metadata, ...rest }));
}

/**
 * Paths as FieldsV1 writes them; a list whose items have names is a map by name, every other list
 * is one value.
 */
function leavesBelow(
  path: readonly string[],
  value: unknown,
): readonly (readonly [string, unknown])[] {
  const parts = partsOf(value);
  if (parts.length === 0) return [[JSON.stringify(path), value]];
  return parts.flatMap(([part, inner]) => leavesBelow([...path, part], inner));
}

function partsOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (isRecord(value)) {
    return Object.entries(value).map(([key, inner]) => [`f:${key}`, inner] as const);
  }
  const named = isList(value) && value.every((item) => textAt(item, "name") !== undefined);
  return named
    ? value.map((item) => [`k:${JSON.stringify({ name: textAt(item, "name") })}`, item] as const)
    : [];
}

const segments = (path: string): readonly string[] => JSON.parse(path) as string[];

/** `.spec.template.spec.containers[name="app"].image` */
function shown(path: string): string {
  return segments(path)
    .map((part) =>
      part.startsWith("f:")
        ? `.${part.slice(2)}`
        : part.replace(/^k:\{"name":(.*)\}$/, "[name=$1]"),
    )
    .join("");
}

function viewOf({ ref, managers, generation }: Stored): KubernetesObject {
  const { metadata, ...rest } = [...mergedLeaves(managers)].reduce<JsonRecord>(
    (object, [path, value]) => withLeaf(object, segments(path), value) as JsonRecord,
    {},
  );
  const managedFields = [...managers].map(([manager, leaves]) => ({
    manager,
    operation: "Apply",
    apiVersion: ref.apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: fieldsV1(leaves),
  }));
  const address = {
    name: ref.name,
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
  };
  return {
    ...rest,
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { ...recordAt(metadata), ...address, generation, uid: keyOf(ref), managedFields },
  };
}

function withLeaf(target: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  if (part.startsWith("f:")) {
    return {
      ...recordAt(target),
      [part.slice(2)]: withLeaf(recordAt(target)[part.slice(2)], rest, value),
    };
  }
  const items = isList(target) ? target : [];
  const { name } = JSON.parse(part.slice(2)) as { name: string };
  const there = items.find((item) => textAt(item, "name") === name);
  const next = withLeaf(there ?? { name }, rest, value);
  return there ? items.map((item) => (item === there ? next : item)) : [...items, next];
}

function fieldsV1(leaves: Leaves): unknown {
  const insert = (target: JsonRecord, [part, ...rest]: readonly string[]): JsonRecord =>
    part === undefined ? target : { ...target, [part]: insert(recordAt(target, part), rest) };
  return [...leaves.keys()].map(segments).reduce(insert, {});
}

function withStatus(
  object: KubernetesObject,
  { one, script }: { readonly one: Stored; readonly script: ScriptOf },
): KubernetesObject {
  const kind = script(object);
  const type = conditionOf[object.kind]?.[kind];
  if (type !== undefined) {
    return {
      ...object,
      status: { conditions: [{ type, status: "True", message: "by the script" }] },
    };
  }
  if (object.kind !== "Deployment") return object;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const available = kind === "complete" ? wanted : 0;
  return {
    ...object,
    status: {
      observedGeneration: one.generation,
      replicas: wanted,
      updatedReplicas: wanted,
      availableReplicas: available,
    },
  };
}

const conditionOf: Readonly<Record<string, Partial<Record<RolloutScript, string>>>> = {
  Job: { complete: "Complete", stalled: "Failed", progressing: "Running" },
  CustomResourceDefinition: { complete: "Established", progressing: "Installing" },
};

function podsOf(one: Stored, script: ScriptOf): readonly KubernetesObject[] {
  const object = viewOf(one);
  if (object.kind === "Pod") return [object];
  if (object.kind !== "Deployment") return [];
  const state = podStates[script(object)];
  const containers = recordAt(object, "spec", "template", "spec")["containers"];
  const statuses = (isList(containers) ? containers : []).map((container) => ({
    name: textAt(container, "name"),
    ...state,
  }));
  const count = numberAt(object, "spec", "replicas") ?? 1;
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    status: { containerStatuses: statuses },
    metadata: {
      ...object.metadata,
      name: `${object.metadata.name}-${index}`,
      creationTimestamp: new Date(one.appliedAt).toISOString(),
      labels: recordAt(object, "spec", "template", "metadata", "labels"),
    },
  }));
}

const podStates: Readonly<Record<RolloutScript, JsonRecord>> = {
  complete: { ready: true, state: { running: {} } },
  progressing: { ready: false, state: { waiting: { reason: "ContainerCreating" } } },
  stalled: {
    ready: false,
    restartCount: 4,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 1, reason: "Error" } },
  },
};

/** What every container wrote. */
const lastLog = "connecting\nno database\n";

function matchesFields(object: KubernetesObject, fields: string): boolean {
  return fields.split(",").every((term) => {
    const [path = "", value] = term.split("=");
    return textAt(object, ...path.split(".")) === value;
  });
}

function matches(labels: JsonRecord, selector: string): boolean {
  return selector.split(",").every((term) => {
    const [name = "", value] = term.split("=");
    return labels[name] === value;
  });
}
