import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import type { Application, Configuration, Environment } from "../domain/configuration.ts";
import { imageName } from "../domain/image/reference.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { crossChecks } from "./cross-checks.ts";
import type { Fault, PathFault } from "./fault.ts";
import { normalise } from "./normalise.ts";
import { imagesIn, readPodSpec, type PodSpecFile } from "./read-pod-spec.ts";
import { suggestion } from "./suggestion.ts";
import { readYaml, type YamlText } from "./yaml-text.ts";

export type LoadedConfiguration =
  | { readonly kind: "ok"; readonly configuration: Configuration; readonly podSpecs: Readonly<Record<string, readonly KubernetesObject[]>> }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] };

export interface ConfigurationPlace {
  readonly root: string;
  /** Path of promoter.yml below the root; its folders are read from beside it. */
  readonly config: string;
}

export interface Configured {
  readonly configuration: Configuration;
  readonly application: Application;
  readonly environment: Environment;
}

/** Reads promoter.yml and every object file it names, and gives all faults at once. Never throws for what a user wrote. */
export async function loadConfiguration({ root, config }: ConfigurationPlace): Promise<LoadedConfiguration> {
  const text = await readFile(join(root, config), "utf8").catch(() => undefined);
  if (text === undefined) return { kind: "faulty", faults: [{ file: config, line: 1, column: 1, source: "", message: "cannot be read; name another file with --config" }] };
  const yaml = readYaml(config, text);
  if (yaml.faults.length > 0) return { kind: "faulty", faults: yaml.faults };
  const read = configurationSchema.safeParse(yaml.value);
  if (!read.success) return { kind: "faulty", faults: sorted(read.error.issues.flatMap(issueFaults).map((fault) => yaml.locate(fault))) };
  const configuration = normalise(read.data);
  const specs = await Promise.all(environmentsOf(configuration).map((one) => loadPodSpec({ root, yaml, ...one })));
  const faults = [...crossChecks(configuration).map((fault) => yaml.locate(fault)), ...specs.flatMap((spec) => spec.faults)];
  if (faults.length > 0) return { kind: "faulty", faults: sorted(faults) };
  return { kind: "ok", configuration, podSpecs: Object.fromEntries(specs.map(({ key, objects }) => [key, objects])) };
}

function environmentsOf(configuration: Configuration): readonly Configured[] {
  return Object.values(configuration.applications).flatMap((application) => Object.values(application.environments).map((environment) => ({ configuration, application, environment })));
}

function issueFaults(issue: z.core.$ZodIssue): readonly PathFault[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], at: "key", message: `unknown key "${key}"${suggestion(key, issue.path, configurationSchema)}` }));
}

function sorted(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((one, other) => one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column);
}

interface LoadingPodSpec extends Configured {
  readonly root: string;
  readonly yaml: YamlText;
}

async function loadPodSpec(loading: LoadingPodSpec): Promise<{ readonly key: string; readonly objects: readonly KubernetesObject[]; readonly faults: readonly Fault[] }> {
  const { root, yaml, application, environment } = loading;
  const key = `${application.name}/${environment.name}`;
  const path = ["applications", application.name, "environments", environment.name, "podSpec", "files"];
  const files = await readFolder(root, environment.podSpec.files);
  if (files.length === 0) return { key, objects: [], faults: [yaml.locate({ path, message: `the folder ${environment.podSpec.files} has no .yaml files` })] };
  const { objects, faults } = readPodSpec(files, loading);
  const unused = faults.length > 0 ? [] : unusedMembers(objects, loading).map((repository) => yaml.locate({ path, message: `no object in ${environment.podSpec.files} uses the image ${repository}` }));
  return { key, objects, faults: [...faults, ...unused] };
}

async function readFolder(root: string, folder: string): Promise<readonly PodSpecFile[]> {
  const names = await readdir(join(root, folder)).catch(() => []);
  const wanted = names.filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  return Promise.all(wanted.map(async (name) => ({ name: join(folder, name), text: await readFile(join(root, folder, name), "utf8") })));
}

function unusedMembers(objects: readonly KubernetesObject[], { application, configuration: { registry } }: Configured): readonly string[] {
  const used = new Set(imagesIn(objects).map(({ name }) => name));
  return application.repositories.filter((repository) => !used.has(imageName(registry, repository)));
}
