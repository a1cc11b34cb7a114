import type { Registry } from "../configuration.ts";
import { registryHost } from "./registry-host.ts";

/** A text such as `localhost:5000/team/web:1.2@sha256:…`, taken apart. */
export interface Reference {
  /** Host and path, as written: `nginx` stays `nginx`. */
  readonly name: string;
  /** Registry with its port, as written; undefined: Docker Hub. */
  readonly host: string | undefined;
  /** The repository in that registry, as written. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** The name that an object uses for a repository of ours. */
export function imageName(registry: Registry, repository: string): string {
  return `${registryHost(registry)}/${repository}`;
}

/**
 * `name@digest`. Without a tag: a node ignores it beside a digest, and a tag that changes would
 * restart pods whose image stays the same.
 */
export function pinnedReference(name: string, digest: string): string {
  return `${name}@${digest}`;
}

const label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const digestForm = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}";
const form = new RegExp(
  `^(?:(${host})/)?(${component}(?:/${component})*)(?::(\\w[\\w.-]{0,127}))?(?:@(${digestForm}))?$`,
);

/**
 * Longer than every reference whose host a name server knows; so the cost of matching the forms is
 * bounded, whatever the input.
 */
export const maxReferenceLength = 1024;

/**
 * Reads an image as kubelet and containerd do; undefined where they would answer "invalid reference
 * format". The grammar is that of github.com/distribution/reference (`ParseNormalizedNamed`), the
 * digests are those that kubelet knows.
 */
export function parseReference(text: string): Reference | undefined {
  const [, first, rest, tag, digest] =
    (text.length > maxReferenceLength ? null : form.exec(text)) ?? [];
  if (rest === undefined || /^[a-f0-9]{64}$/.test(text)) return undefined;
  const isHub = first !== undefined && !isHost(first);
  if (isHub && !new RegExp(`^${component}$`).test(first)) return undefined;
  const path = isHub ? `${first}/${rest}` : rest;
  if (path.length > 255) return undefined;
  return {
    name: isHub || first === undefined ? path : `${first}/${path}`,
    host: isHub ? undefined : first,
    path,
    tag,
    digest,
  };
}

/** The first word of a path is a registry only if it looks like one: `team/web` is of Docker Hub. */
function isHost(first: string): boolean {
  return first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
}
