/** What a path below /v2/ names. Source: distribution-spec v1.1, "Endpoints". */
export type OciRoute =
  | { readonly kind: "base" }
  | { readonly kind: "catalog" }
  | { readonly kind: "manifest"; readonly name: string; readonly reference: string }
  | { readonly kind: "blob"; readonly name: string; readonly digest: string }
  | { readonly kind: "uploads"; readonly name: string }
  | { readonly kind: "upload"; readonly name: string; readonly id: string }
  | { readonly kind: "tags"; readonly name: string }
  | { readonly kind: "referrers"; readonly name: string; readonly digest: string }
  | { readonly kind: "unknown" };

/** Repository names contain slashes, so the words after the name tell where it ends. */
export function ociRoute(path: string): OciRoute {
  const rest = decoded(path).replace(/^\/v2\/?/, "");
  if (rest === "") return { kind: "base" };
  if (rest === "_catalog") return { kind: "catalog" };
  const [, name, what, last] =
    /^(.+)\/(manifests|blobs\/uploads|blobs|tags|referrers)(?:\/([^/]*))?$/.exec(rest) ?? [];
  if (name === undefined || what === undefined) return { kind: "unknown" };
  return routeOf(name, what, last ?? "");
}

function routeOf(name: string, what: string, last: string): OciRoute {
  if (what === "blobs/uploads") {
    return last === "" ? { kind: "uploads", name } : { kind: "upload", name, id: last };
  }
  if (last === "") return { kind: "unknown" };
  if (what === "manifests") return { kind: "manifest", name, reference: last };
  if (what === "blobs") return { kind: "blob", name, digest: last };
  if (what === "referrers") return { kind: "referrers", name, digest: last };
  return last === "list" ? { kind: "tags", name } : { kind: "unknown" };
}

/** A malformed escape names nothing that exists. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
