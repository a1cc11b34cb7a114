import { isRecord, listAt, numberAt, recordAt, textAt, valueAt } from "../json.ts";
import { lookUp } from "../look-up.ts";
import { describePath } from "./field-path.ts";
import { kindOf } from "./kinds.ts";
import type { ObjectProblem } from "./object-problem.ts";
import { describeRef, refOf, type KubernetesObject } from "./object.ts";
import { repeatedKeys } from "./repeated-keys.ts";

/**
 * What is plainly wrong with an object that the server could not be asked about, because its
 * namespace does not exist yet; empty: nothing found. It does not replace a dry run, and the plan
 * says so.
 */
export function validateLocally(object: KubernetesObject): readonly string[] {
  return objectProblems(object).map(({ message }) => `${describeRef(refOf(object))}: ${message}`);
}

/** The same with the places. */
export function objectProblems(object: KubernetesObject): readonly ObjectProblem[] {
  return [...addressProblems(object), ...kindProblems(object), ...repeatedKeys(object)];
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
        ...containerProblems(object, [...(template ?? []), "spec", "containers"]),
      ];
    case "ports":
      return portProblems(object);
    case "texts":
      return dataProblems(object);
    case "secrets":
    case undefined:
      return [];
    default:
      return holds satisfies never;
  }
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

function containerProblems(
  object: KubernetesObject,
  containersPath: readonly string[],
): readonly ObjectProblem[] {
  const containers = listAt(object, ...containersPath);
  return [
    ...problemIf(containers.length === 0, {
      path: containersPath,
      message: `${describePath(containersPath)} is empty`,
      remedy: "write at least one container",
    }),
    ...["name", "image"].flatMap((field) =>
      containers.flatMap((container, index) => {
        const path = [...containersPath, index];
        return valueAt(container, field) === null
          ? [emptyProblem([...path, field], `write its ${field}`)]
          : problemIf(!textAt(container, field), {
              path,
              message: `${describePath(path)} has no ${field}`,
              remedy: `write its ${field}`,
            });
      }),
    ),
  ];
}

function portProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const ports = listAt(object, "spec", "ports");
  return ports.flatMap((port, index) => {
    const path = ["spec", "ports", index];
    return [
      ...problemIf(!isPort(numberAt(port, "port")), {
        path: [...path, "port"],
        message: `${describePath([...path, "port"])} is not a number from 1 to 65535`,
        remedy: "write a whole number from 1 to 65535, without quotes",
      }),
      ...problemIf(ports.length > 1 && !textAt(port, "name"), {
        path,
        message: `${describePath(path)} has no name, which every one of several ports needs`,
        remedy: "write its name",
      }),
    ];
  });
}

function isPort(port: number | undefined): boolean {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function dataProblems(object: KubernetesObject): readonly ObjectProblem[] {
  const data = object["data"];
  if (data === undefined) return [];
  if (!isRecord(data)) {
    return [{ path: ["data"], message: "data is not a map", remedy: "write it as { key: text }" }];
  }
  const odd = Object.entries(data).filter(([, value]) => typeof value !== "string");
  return odd.map(([key, value]) =>
    value === null
      ? emptyProblem(["data", key], 'write "" for an empty string')
      : {
          path: ["data", key],
          message: `data["${key}"] is not a string; put it in quotes`,
          remedy: "put it in quotes",
        },
  );
}

function emptyProblem(path: ObjectProblem["path"], remedy: string): ObjectProblem {
  return { path, message: `${describePath(path)} is empty`, remedy };
}

function problemIf(wrong: boolean, problem: ObjectProblem): readonly ObjectProblem[] {
  return wrong ? [problem] : [];
}
