import {
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import { invalid, unsupportedMediaType } from "../objects/api-refusal.ts";
import { nameOf, withValue } from "../objects/object-value.ts";
import { apiVersionOf, type Resource } from "../objects/resource-table.ts";
import { invalidValue } from "../objects/validation-cause.ts";
import { asObject, decodeBody, type WriteRequest } from "../requests/decode-body.ts";
import { fieldManagerOf } from "../requests/write-options.ts";
import { structOf, typeSchema } from "../schemas/field-schema.ts";
import { type Cluster, requireLive, requireSameVersion } from "./client-write.ts";
import { jsonPatch, mergePatch } from "./patch-document.ts";

const textSchema = { kind: "scalar", type: "string", format: "" } as const;
const countSchema = { kind: "scalar", type: "integer", format: "int32" } as const;

/** Types that no stored object has are not among the built-in schemas. */
const scaleSchema = structOf({
  apiVersion: textSchema,
  kind: textSchema,
  metadata: typeSchema("meta.v1.ObjectMeta"),
  spec: structOf({ replicas: countSchema }),
  status: structOf({ replicas: countSchema, selector: textSchema }),
});

/**
 * What the address `/scale` of a workload takes and gives: kubernetes/kubernetes
 * pkg/registry/apps/deployment/storage/storage.go, ScaleREST.
 */
const scales: Resource = {
  group: "autoscaling",
  version: "v1",
  plural: "scales",
  kind: "Scale",
  scope: "namespaced",
  schema: scaleSchema,
  counted: false,
  returned: false,
  parts: [],
  otherParts: [],
  shortNames: [],
  categories: [],
  verbs: [],
};

export function scaleOf(resource: Resource, object: JsonObject): JsonObject {
  const paths = scalePaths(resource);
  const metadata = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"].map(
    (key) => [key, valueAt(object, "metadata", key)] as const,
  );
  const replicas = numberAt(object, ...paths.wanted) ?? 0;
  return {
    kind: scales.kind,
    apiVersion: apiVersionOf(scales),
    metadata: Object.fromEntries(metadata),
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, ...paths.there) ?? 0,
      selector: paths.selector
        ? (stringAt(object, ...paths.selector) ?? "")
        : selectorText(objectAt(object, "spec", "selector")),
    },
  };
}

interface ScalePaths {
  readonly wanted: readonly string[];
  readonly there: readonly string[];
  /** A text; undefined: the selector of a workload. */
  readonly selector?: readonly string[];
}

/** A definition has them as `.spec.replicas`. */
function scalePaths({ custom }: Resource): ScalePaths {
  const pathOf = (name: string): readonly string[] =>
    (stringAt(custom?.scale, name) ?? ".").split(".").slice(1);
  return custom
    ? {
        wanted: pathOf("specReplicasPath"),
        there: pathOf("statusReplicasPath"),
        selector: pathOf("labelSelectorPath"),
      }
    : { wanted: ["spec", "replicas"], there: ["status", "replicas"] };
}

/** Changes nothing but the replicas, which then belong to the manager under this subresource. */
export function writeScale(cluster: Cluster, request: WriteRequest, method: string): JsonObject {
  const { route, options } = request;
  const live = requireLive(cluster.store, route);
  const wanted = wantedScale(scaleOf(route.resource, live), request, method);
  requireSameVersion(route, wanted, live);
  const replicas = numberAt(wanted, "spec", "replicas") ?? 0;
  if (replicas < 0) {
    throw invalid(scales, nameOf(live), [
      invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
    ]);
  }
  // The entry has no time: managedfields/scalehandler.go, ToParent, takes it from entries that were there.
  const write = {
    ...cluster.writer.write(fieldManagerOf(options), route.resource, { subresource: "scale" }),
    time: undefined,
  };
  const next = withValue(live, scalePaths(route.resource).wanted, replicas);
  return scaleOf(
    route.resource,
    cluster.writer.commit({
      resource: route.resource,
      live,
      next,
      write,
      effect: options.dryRun ? "dry-run" : "store",
    }),
  );
}

/** Server-side apply of a scale is left out: nobody here does it. */
const patchTypes = ["application/json-patch+json", "application/merge-patch+json"];

function wantedScale(
  scale: JsonObject,
  { route, options, body, contentType }: WriteRequest,
  method: string,
): JsonObject {
  const asked = { route: { ...route, resource: scales }, options };
  if (method === "PUT") return decodeBody(asked, asObject(body)).object;
  if (!patchTypes.includes(contentType)) throw unsupportedMediaType(patchTypes);
  const patched =
    contentType === "application/json-patch+json"
      ? jsonPatch(scale, body)
      : asObject(mergePatch(scale, body));
  return decodeBody(asked, patched).object;
}

/** As apimachinery pkg/labels prints it. */
function selectorText(selector: JsonObject): string {
  const labels = Object.keys(objectAt(selector, "matchLabels")).map(
    (key) => [key, `${key}=${stringAt(selector, "matchLabels", key) ?? ""}`] as const,
  );
  const expressions = listAt(selector, "matchExpressions").map((one) => {
    const [key = "", operator = ""] = [stringAt(one, "key"), stringAt(one, "operator")];
    const values = listAt(one, "values").map(String).toSorted().join(",");
    return [
      key,
      {
        In: `${key} in (${values})`,
        NotIn: `${key} notin (${values})`,
        Exists: key,
        DoesNotExist: `!${key}`,
      }[operator] ?? key,
    ] as const;
  });
  return [...labels, ...expressions]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(",");
}
