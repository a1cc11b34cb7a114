import { isList, isRecord, listAt, recordAt, textAt, valueAt } from "../json.ts";
import { lookUp } from "../look-up.ts";
import type { FieldPath } from "./containers.ts";
import { describePath } from "./field-path.ts";
import { kindOf } from "./kinds.ts";
import type { ObjectProblem } from "./object-problem.ts";
import type { KubernetesObject } from "./object.ts";
import { judgeObject } from "./schema/judge-object.ts";
import type { Judging } from "./schema/judging.ts";

/**
 * What is wrong with an object by itself: what the API server would refuse by the schema of its
 * kind, and by rules that no schema has. It does not replace a dry run.
 */
export function objectProblems(
  object: KubernetesObject,
  judging: Judging,
): readonly ObjectProblem[] {
  const own = [...addressProblems(object), ...kindProblems(object)];
  if (own.some(({ path }) => path[0] === "apiVersion" || path[0] === "kind")) return own;
  const told = new Set(own.map(({ path }) => describePath(path)));
  // Of one place one is told: ours, which knows what is meant, but whatever is missing.
  const judged = judgeObject(object, judging).filter(
    ({ path, message }) => message.includes(" has no ") || !told.has(describePath(path)),
  );
  return [...own, ...judged];
}

/** RFC 1123 subdomain and label: kubernetes.io/docs/concepts/overview/working-with-objects/names. */
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const groupVersion = /^([a-z0-9.-]+\/)?v[0-9a-z]+$/;
const lowerCase =
  "use lower-case letters, digits and -, beginning and ending with a letter or digit";

/** Other tools fill in `${NAME}`, `$(NAME)`, `{{ name }}` and `%NAME%`. */
function nameRemedy(name: string): string {
  return /\$\w|[{}<>%]|\$\(/.test(name)
    ? "write the name itself: nothing replaces variables in objects"
    : lowerCase;
}

/**
 * Roles and bindings may have any name that fits into a path (apis/rbac/validation,
 * ValidateRBACName).
 */
const pathSegment = /^(?!\.{1,2}$)[^/%]+$/;

function addressProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const nameForm = kindOf(object).grants ? pathSegment : subdomain;
  return [
    ...problemIf(!groupVersion.test(apiVersion), {
      path: ["apiVersion"],
      message: `apiVersion "${apiVersion}" is not of the form v1 or apps/v1`,
      remedy: "write group and version",
    }),
    ...problemIf(!/^[A-Z]\w*$/.test(kind), {
      path: ["kind"],
      message: `kind "${kind}" is not a kind`,
      remedy: "write it as Deployment, beginning with a capital letter",
    }),
    ...problemIf(!nameForm.test(name), {
      path: ["metadata", "name"],
      message: `metadata.name "${name}" is not a lower-case RFC 1123 name`,
      remedy: nameRemedy(name),
    }),
    ...problemIf(namespace !== undefined && !label.test(namespace), {
      path: ["metadata", "namespace"],
      message: `metadata.namespace "${namespace}" is not a lower-case RFC 1123 label`,
      remedy: nameRemedy(namespace ?? ""),
    }),
    ...problemIf("managedFields" in metadata, {
      path: ["metadata", "managedFields"],
      message: "metadata.managedFields must not be applied; remove it",
      remedy: "remove it",
    }),
  ];
}

function kindProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const { holds, selects, template } = kindOf(object);
  switch (holds) {
    case "pods":
      return [
        ...(selects ? selectorProblems(object) : []),
        ...strategyProblems(object),
        ...containerProblems(object, [...(template ?? []), "spec", "containers"]),
      ];
    case "ports":
      return portProblems(object);
    case "texts":
    case "secrets":
    case undefined:
      return [];
    default:
      return holds satisfies never;
  }
}

/** Of a StatefulSet or DaemonSet: a release would be applied, and nothing of it would run. */
function strategyProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const path = ["spec", "updateStrategy", "type"];
  return problemIf(valueAt(object, ...path) === "OnDelete", {
    path,
    message: `${describePath(path)} is OnDelete: pods keep their image until somebody deletes them`,
    remedy: "write RollingUpdate, or keep the object out and apply it yourself",
  });
}

function selectorProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const selected = Object.entries(recordAt(object, "spec", "selector", "matchLabels"));
  const labels = recordAt(object, "spec", "template", "metadata", "labels");
  const strangers = selected.filter(([name, value]) => lookUp(labels, name) !== value);
  return [
    ...problemIf(!isRecord(valueAt(object, "spec", "selector")), {
      path: ["spec", "selector"],
      message: "spec.selector is missing",
      remedy: "select the labels of spec.template with matchLabels",
    }),
    ...strangers.map(([name, value]) => ({
      path: ["spec", "selector", "matchLabels", name],
      message: `spec.selector.matchLabels ${name}=${String(value)} is not a label of spec.template`,
      remedy: "write the same label in spec.template.metadata.labels",
    })),
  ];
}

/** An image may be missing in the schema, because Kubernetes once meant to fill it in. */
function containerProblems(
  object: KubernetesObject,
  path: readonly string[],
): readonly ObjectProblem[] {
  const written = valueAt(object, ...path);
  if (written !== undefined && written !== null && !isList(written)) return [];
  const containers = listAt(object, ...path);
  return [
    ...problemIf(containers.length === 0, {
      path,
      message: `${describePath(path)} is ${written === undefined ? "missing" : "empty"}`,
      remedy: "write at least one container",
    }),
    ...containers.flatMap((container, index) => imageProblems(container, [...path, index])),
    ...containers.flatMap((container, index) =>
      repeatedNames(listAt(container, "ports"), [...path, index, "ports"]),
    ),
  ];
}

function imageProblems(container: unknown, path: FieldPath): readonly ObjectProblem[] {
  const image = valueAt(container, "image");
  if (image === null) return [emptyProblem([...path, "image"], "write its image")];
  return problemIf(isRecord(container) && (image === undefined || image === ""), {
    path,
    message: `${describePath(path)} has no image`,
    remedy: "write its image",
  });
}

function portProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const ports = listAt(object, "spec", "ports");
  const path = ["spec", "ports"];
  return [
    ...ports.flatMap((port, index) => [
      ...problemIf(!isPort(valueAt(port, "port")), {
        path: [...path, index, "port"],
        message: `${describePath([...path, index, "port"])} is not a number from 1 to 65535`,
        remedy: "write a whole number from 1 to 65535, without quotes",
      }),
      ...problemIf(ports.length > 1 && !textAt(port, "name"), {
        path: [...path, index],
        message: `${describePath([...path, index])} has no name, which every one of several ports needs`,
        remedy: "write its name",
      }),
    ]),
    ...repeatedNames(ports, path),
  ];
}

/** One that is missing is told by the schema. */
function isPort(port: unknown): boolean {
  if (port === undefined || port === null) return true;
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** The server tells ports apart by number and protocol, and refuses two of one name besides. */
function repeatedNames(ports: readonly unknown[], path: FieldPath): readonly ObjectProblem[] {
  const names = ports.map((port) => textAt(port, "name"));
  return names.flatMap((name, index) =>
    problemIf(name !== undefined && names.indexOf(name) < index, {
      path: [...path, index, "name"],
      message: `${describePath(path)} has two named ${JSON.stringify(name)}`,
      remedy: "give each a name of its own",
    }),
  );
}

function emptyProblem(path: ObjectProblem["path"], remedy: string): ObjectProblem {
  return { path, message: `${describePath(path)} is empty`, remedy };
}

function problemIf(wrong: boolean, problem: ObjectProblem): readonly ObjectProblem[] {
  return wrong ? [problem] : [];
}
