import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** What of an OpenAPI v3 schema is read here. */
export interface Schema {
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly format?: string;
  readonly default?: unknown;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One method of a path. */
export interface Operation {
  readonly "x-kubernetes-action"?: string;
  readonly "x-kubernetes-group-version-kind"?: GroupVersionKind;
}

export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

interface Document {
  readonly paths: Paths;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface OpenApi {
  readonly paths: Paths;
  /** By the name of the definition, `io.k8s.api.apps.v1.Deployment`. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /**
   * Go source from which the API server makes the same document: the one that is committed has no
   * enumerations.
   */
  readonly source: string;
}

/** From the Go module of a release, which `go` downloads and checks, or finds in its cache. */
export async function readOpenApi(release: string): Promise<OpenApi> {
  const { stdout } = await promisify(execFile)("go", [
    "mod",
    "download",
    "-json",
    `k8s.io/kubernetes@v${release}`,
  ]);
  const { Dir: module } = JSON.parse(stdout) as { readonly Dir: string };
  const folder = join(module, "api/openapi-spec/v3");
  const names = (await readdir(folder)).filter((name) => name.endsWith("_openapi.json")).toSorted();
  const documents = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Document),
  );
  return {
    paths: Object.fromEntries(documents.flatMap(({ paths }) => Object.entries(paths))),
    schemas: new Map(
      documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {})),
    ),
    source: await readFile(join(module, "pkg/generated/openapi/zz_generated.openapi.go"), "utf8"),
  };
}
