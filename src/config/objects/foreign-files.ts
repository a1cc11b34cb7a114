import { isRecord, textAt } from "../../domain/pod-spec/json.ts";
import { faultAt, type SourceFile, type YamlText } from "../yaml-text.ts";
import type { Finding } from "../fault.ts";

const kustomizeRemedy = "put it elsewhere, and name the folder of what `kubectl kustomize` prints";
const helmRemedy = "put the chart elsewhere, and name the folder of what `helm template` prints";

/** Files that stand in folders of objects and hold none, by what only they have. The first that fits. */
const foreign: readonly (readonly [what: string, isIt: (value: unknown, name: string) => boolean, remedy: string])[] = [
  ["a kustomization", (value, name) => /^kustomization\.ya?ml$/.test(name) || (textAt(value, "apiVersion")?.startsWith("kustomize.config.k8s.io/") ?? false), kustomizeRemedy],
  ["the description of a Helm chart", (value, name) => /^Chart\.ya?ml$/.test(name) && has(value, "name", "version"), helmRemedy],
  ["a file of values for a Helm chart", (value, name) => /^values[\w.-]*\.(?:ya?ml|json)$/.test(name) && !has(value, "kind"), helmRemedy],
  ["a configuration of the promoter", (value) => has(value, "registry", "applications"), "put it elsewhere: the folder is for objects"],
  ["a file for Docker Compose", (value) => has(value, "services") && !has(value, "kind"), "put it elsewhere, and write the objects for Kubernetes"],
  ["a configuration of skaffold", (value) => textAt(value, "apiVersion")?.startsWith("skaffold/") ?? false, "put it elsewhere"],
  ["a package.json of npm", (_, name) => /^package(?:-lock)?\.json$/.test(name), "put it elsewhere"],
  ["a configuration of TypeScript", (_, name) => /^tsconfig[\w.-]*\.json$/.test(name), "put it elsewhere"],
  ["a JSON schema", (value) => has(value, "$schema") && !has(value, "kind"), "put it elsewhere"],
];

/** What the document is, where that can be told; it is no object then. */
export function foreignFinding({ file, value }: Pick<YamlText, "file" | "value">): Finding | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const [what, , remedy] = foreign.find(([, isIt]) => isIt(value, name)) ?? [];
  return what === undefined || remedy === undefined ? undefined : { path: [], message: `this is ${what}, not an object`, remedy };
}

/**
 * A template is no YAML yet: of all faults that it has as YAML none would help. One whose actions stand in quotes is read as it is.
 */
export function templateInstead(source: SourceFile, documents: readonly YamlText[]): readonly YamlText[] {
  const action = source.text.search(/\{\{-?\s*(?:[.$"]|\/\*|(?:if|else|end|range|with|include|template|define|block|toYaml|tpl|required|default|quote)\b)/);
  const [first] = documents.filter(({ faults }) => faults.length > 0);
  if (action < 0 || !first) return documents;
  const fault = faultAt(source, action, { message: "this is a template, as Helm has them, not an object", remedy: helmRemedy });
  return [{ ...first, value: undefined, faults: [fault] }];
}

function has(value: unknown, ...keys: readonly string[]): boolean {
  return isRecord(value) && keys.every((key) => Object.hasOwn(value, key));
}
