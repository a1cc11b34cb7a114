import * as z from "zod";
import type { RepositoryName } from "../domain/image/repository.ts";
import { isRecord } from "../domain/json.ts";
import type { ObjectSource } from "../domain/pod-spec/object-source.ts";
import { commandSchema } from "./render/command-schema.ts";
import { repositorySchema } from "./repository-schema.ts";
import { folderSchema } from "./value-schemas.ts";

/** The ways to say where the objects are; a pod spec has exactly one. */
export const sourceKeys = {
  files: folderSchema()
    .optional()
    .describe(
      "Folder of the objects, beside this file: every .yaml, .yml and .json in it, without subfolders.",
    ),
  render: commandSchema()
    .optional()
    .describe(
      "Command that prints the objects as YAML, such as kustomize build overlays/production. " +
        "It runs beside this file, without a shell, when promoter.yml is checked and packaged. Instead of files.",
    ),
  artifact: repositorySchema
    .optional()
    .describe(
      "Repository of an OCI artifact with the objects, one folder for each environment inside. " +
        "It is a member of the release: the builds push it under the same tag as the images. Instead of files.",
    ),
};

const names = Object.keys(sourceKeys);

/** One fault for none and for several, whatever else is wrong in the pod spec. */
export const oneSource = {
  error: ({ input }: { readonly input?: unknown }): string => {
    const found = sourcesIn(input);
    return found.length === 0
      ? `podSpec has no source of objects: ${anyOf(names)} is missing`
      : `podSpec has several sources of objects: ${found.join(" and ")}`;
  },
  params: {
    remedy:
      "write files: deploy/orderbook for a folder of objects, " +
      "render: kustomize build overlays/production for a command that prints them, " +
      "or artifact: orderbook-manifests for objects that the builds push; only one of them",
  },
  when: ({ value }: z.core.ParsePayload): boolean => isRecord(value),
};

/** What editors check. */
export const oneSourceForEditors = { oneOf: names.map((name) => ({ required: [name] })) };

function anyOf(keys: readonly string[]): string {
  return `${keys.slice(0, -1).join(", ")} or ${keys.at(-1)}`;
}

export function hasOneSource(podSpec: unknown): boolean {
  return sourcesIn(podSpec).length === 1;
}

function sourcesIn(podSpec: unknown): readonly string[] {
  return isRecord(podSpec) ? names.filter((name) => podSpec[name] !== undefined) : [];
}

/** undefined where there is none, and where there are several: which one is meant is not known. */
export function sourceIn({
  files,
  render,
  artifact,
}: {
  readonly files?: string | undefined;
  readonly render?: string | undefined;
  readonly artifact?: RepositoryName | undefined;
}): ObjectSource | undefined {
  const found: readonly ObjectSource[] = [
    ...(files === undefined ? [] : [{ kind: "files" as const, folder: files }]),
    ...(render === undefined ? [] : [{ kind: "render" as const, command: render }]),
    ...(artifact === undefined ? [] : [{ kind: "artifact" as const, repository: artifact }]),
  ];
  return found.length === 1 ? found[0] : undefined;
}
