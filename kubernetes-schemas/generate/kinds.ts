import type { KindData } from "../schemas.ts";
import type { GroupVersionKind, OpenApi, Operation, Paths } from "./openapi.ts";
import { typeName } from "./type-text.ts";

/** A kind and the name of its definition. */
export interface FoundKind {
  /** `apps/v1 Deployment` */
  readonly key: string;
  readonly definition: string;
  readonly data: KindData;
}

/** `/apis/{group}/{version}`, or `/api/v1`; the namespace; the plural; the object; a subresource. */
const resourcePath = new RegExp(
  String.raw`^/api(?:s/[^/]+)?/[^/]+(?<namespaced>/namespaces/\{namespace\})?` +
    String.raw`/(?<plural>[^/{]+)(?<named>/\{name\}(?:/(?<sub>[^/]+))?)?$`,
);

/** As RBAC calls what the document calls actions; the others are verbs already. */
const verbs: Readonly<Record<string, string>> = { post: "create", put: "update" };

/** Every kind that can be created. */
export function kindsOf({ paths, schemas }: OpenApi): readonly FoundKind[] {
  const definitions = new Map(
    [...schemas].flatMap(([definition, schema]) =>
      (schema["x-kubernetes-group-version-kind"] ?? []).map(
        (gvk) => [kindKey(gvk), definition] as const,
      ),
    ),
  );
  return collections(paths).flatMap(({ path, gvk }) => {
    const definition = definitions.get(kindKey(gvk));
    if (definition === undefined) throw new Error(`${kindKey(gvk)} has no definition`);
    const data = kindData(path, { paths, type: typeName(definition) });
    return { key: kindKey(gvk), definition, data };
  });
}

function kindKey({ group, version, kind }: GroupVersionKind): string {
  return `${group === "" ? version : `${group}/${version}`} ${kind}`;
}

function collections(
  paths: Paths,
): readonly { readonly path: string; readonly gvk: GroupVersionKind }[] {
  return Object.entries(paths).flatMap(([path, { post }]) => {
    const { named, plural } = resourcePath.exec(path)?.groups ?? {};
    const gvk = post?.["x-kubernetes-group-version-kind"];
    return plural === undefined || named !== undefined || !gvk ? [] : [{ path, gvk }];
  });
}

function kindData(
  path: string,
  { paths, type }: { readonly paths: Paths; readonly type: string },
): KindData {
  const { namespaced, plural = "" } = resourcePath.exec(path)?.groups ?? {};
  const below = Object.keys(paths).filter((one) => one.startsWith(`${path}/{name}`));
  const own = [paths[path], paths[`${path}/{name}`]].flatMap(actionsOf);
  // The document has watches under paths that the API server deprecates for `?watch=true`.
  const all = own.includes("list") ? [...own, "watch"] : own;
  return {
    plural,
    namespaced: namespaced !== undefined,
    type,
    verbs: [...new Set(all.map((action) => verbs[action] ?? action))].toSorted(),
    subresources: below.flatMap((one) => resourcePath.exec(one)?.groups?.["sub"] ?? []).toSorted(),
  };
}

function actionsOf(methods: Readonly<Record<string, Operation>> | undefined): readonly string[] {
  return Object.values(methods ?? {}).flatMap((method) => method["x-kubernetes-action"] ?? []);
}
