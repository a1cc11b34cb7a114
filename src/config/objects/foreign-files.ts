import { posix } from "node:path";
import { isRecord, textAt } from "../../domain/json.ts";
import { faultPlaces } from "../fault-places.ts";
import type { Finding } from "../fault.ts";
import type { SourceFile, YamlText } from "../yaml-text.ts";

/** The folder of the file, as a command beside promoter.yml names it. */
type Remedy = string | ((folder: string) => string);

const kustomizeRemedy = (folder: string): string =>
  `write render: kustomize build ${folder} instead of files, or push that output in an artifact`;
const helmRemedy = (folder: string): string =>
  `write render: helm template ${folder} instead of files, or push that output in an artifact`;

/**
 * Files in folders of objects that hold no objects, recognised by what only they have. The first
 * match wins.
 */
const foreign: readonly (readonly [
  what: string,
  isIt: (value: unknown, name: string) => boolean,
  remedy: Remedy,
])[] = [
  [
    "a kustomization",
    (value, name) =>
      /^kustomization\.ya?ml$/.test(name) ||
      (textAt(value, "apiVersion")?.startsWith("kustomize.config.k8s.io/") ?? false),
    kustomizeRemedy,
  ],
  [
    "the description of a Helm chart",
    (value, name) => /^Chart\.ya?ml$/.test(name) && has(value, "name", "version"),
    helmRemedy,
  ],
  [
    "a values file of a Helm chart",
    (value, name) =>
      /^(?:[\w.-]+[._-])?values(?:[._-][\w.-]*)?\.(?:ya?ml|json)$/.test(name) &&
      !has(value, "kind"),
    helmRemedy,
  ],
  [
    "a promoter configuration",
    (value) => has(value, "registry", "applications"),
    "move it elsewhere: the folder is for objects",
  ],
  [
    "a Docker Compose file",
    (value) => has(value, "services") && !has(value, "kind"),
    "move it elsewhere, and write the objects for Kubernetes",
  ],
  [
    "a Skaffold configuration",
    (value) => textAt(value, "apiVersion")?.startsWith("skaffold/") ?? false,
    "move it elsewhere",
  ],
  ["an npm package.json", (_, name) => /^package(?:-lock)?\.json$/.test(name), "move it elsewhere"],
  [
    "a TypeScript configuration",
    (_, name) => /^tsconfig[\w.-]*\.json$/.test(name),
    "move it elsewhere",
  ],
  ["a JSON schema", (value) => has(value, "$schema") && !has(value, "kind"), "move it elsewhere"],
];

/** What the document is, where that can be recognised; it is not an object then. */
export function foreignFinding({
  file,
  value,
}: Pick<YamlText, "file" | "value">): Finding | undefined {
  const [folder, name] = [posix.dirname(file), posix.basename(file)];
  const [what, , remedy] = foreign.find(([, isIt]) => isIt(value, name)) ?? [];
  return what === undefined || remedy === undefined
    ? undefined
    : {
        path: [],
        message: `this is ${what}, not an object`,
        remedy: typeof remedy === "string" ? remedy : remedy(folder),
      };
}

/**
 * A template is not YAML yet: none of its faults as YAML would help. Only where a fault stands
 * beside an action is it one; in quotes, or in the text of a ConfigMap, actions are read as they
 * are.
 */
export function reportTemplate(
  source: SourceFile,
  documents: readonly YamlText[],
): readonly YamlText[] {
  const faulty = new Set(
    documents.flatMap(({ faults }) => faults.flatMap(({ line }) => [line - 1, line, line + 1])),
  );
  if (faulty.size === 0) return documents;
  const beside = actionsIn(source.text).find(({ line }) => faulty.has(line));
  const [first] = documents;
  if (!beside || !first) return documents;
  const fault = faultPlaces(source)(beside.offset, {
    message: "this is a template, as in Helm, not an object",
    remedy:
      "let its tool print it, such as render: helm template <folder of the chart>, instead of files",
  });
  return [{ ...first, value: undefined, faults: [fault] }];
}

/** Of Helm and others; of Jinja the second. */
const action = /\{\{|\{%/g;

function actionsIn(text: string): readonly { readonly offset: number; readonly line: number }[] {
  let [line, counted] = [1, 0];
  return [...text.matchAll(action)].map(({ index }) => {
    line += text.slice(counted, index).split("\n").length - 1;
    counted = index;
    return { offset: index, line };
  });
}

function has(value: unknown, ...keys: readonly string[]): boolean {
  return isRecord(value) && keys.every((key) => Object.hasOwn(value, key));
}
