import { type JsonObject, stringAt } from "../../json-value.ts";
import { badRequest } from "../objects/api-refusal.ts";
import { apiVersionOf, type Resource } from "../objects/resource-table.ts";
import type { ObjectRoute } from "../requests/request-route.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { objectSelection } from "./object-selection.ts";

/**
 * A list with its selectors, in pages
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
 */
export function listObjects(
  store: ObjectStore,
  route: ObjectRoute,
  query: URLSearchParams,
): JsonObject {
  const { resource, namespace } = route;
  const all = store.list(resource, namespace).filter(objectSelection(route, query));
  const start = startOf(query.get("continue") ?? "");
  const limit = limitOf(query) || all.length;
  const items = all.slice(start, start + limit).map((item) => itemOf(resource, item));
  const left = all.length - start - items.length;
  const more =
    left > 0
      ? {
          continue: Buffer.from(
            JSON.stringify({ v: "meta.k8s.io/v1", start: start + limit }),
          ).toString("base64url"),
          remainingItemCount: left,
        }
      : {};
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      ...(resource.custom ? { continue: "" } : {}),
      resourceVersion: store.revision(),
      ...more,
    },
    items,
  };
}

/** Those of built-in kinds carry neither kind nor apiVersion. */
function itemOf(
  resource: Resource,
  { kind, apiVersion: _apiVersion, ...item }: JsonObject,
): JsonObject {
  return resource.custom ? { apiVersion: apiVersionOf(resource), kind, ...item } : item;
}

function limitOf(query: URLSearchParams): number {
  const given = query.get("limit") ?? "";
  if (/^-?\d*$/.test(given)) return Number(given);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`);
}

function startOf(token: string): number {
  if (token === "") return 0;
  const start = Number(
    stringAt({ token: Buffer.from(token, "base64url").toString("utf8") }, "token")?.match(
      /"start":(\d+)/,
    )?.[1],
  );
  if (Number.isInteger(start)) return start;
  throw badRequest("invalid continue token: continue key is not valid");
}
