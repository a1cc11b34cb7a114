import type { Ecr } from "../ecr/ecr.ts";
import { parseImageReference } from "../oci/image-reference.ts";
import { isService } from "./call-faults.ts";

/** What a fault hits, or why there is no such thing: a typing mistake never passes as done. */
export type FaultTarget = { readonly target: string } | { readonly refusal: string };

export function repositoryTarget(ecr: Ecr, repository: string): FaultTarget {
  const names = ecr.repositories();
  return names.includes(repository)
    ? { target: repository }
    : { refusal: `there is no repository "${repository}"; there are ${names.join(", ")}` };
}

/**
 * A digest, `repository:tag` or a repository, with or without the host of the registry, as a node
 * looks for it.
 */
export function imageTarget(ecr: Ecr, image: string): FaultTarget {
  if (/^sha256:[0-9a-f]{64}$/.test(image)) return digestTarget(ecr, image);
  const { repository = image, tag, digest } = parseImageReference(image) ?? {};
  if (digest !== undefined) return digestTarget(ecr, digest);
  const found = repositoryTarget(ecr, repository);
  if ("refusal" in found || tag === undefined) return found;
  return { target: `${repository}:${tag}` };
}

/** Pods run what a tag points at, so the images below an index count by the digest of the index. */
function digestTarget(ecr: Ecr, digest: string): FaultTarget {
  const known = ecr
    .repositories()
    .flatMap((repository) => ecr.images(repository))
    .some((image) => image.digest === digest && image.tags.length > 0);
  return known
    ? { target: digest }
    : { refusal: `no tag points at an image with the digest ${digest}` };
}

export interface WantedLayer {
  readonly repository: string;
  readonly layer?: string | undefined;
  readonly tag?: string | undefined;
}

/** The layer named, else the last one of the image that has the tag, else of the newest image. */
export function layerTarget(ecr: Ecr, { repository, layer, tag }: WantedLayer): FaultTarget {
  const found = repositoryTarget(ecr, repository);
  if ("refusal" in found) return found;
  const images = ecr
    .images(repository)
    .filter(({ tags }) => tags.length > 0 && (tag === undefined || tags.includes(tag)))
    .toSorted((one, other) => one.pushedAt - other.pushedAt);
  const layers = images.flatMap(({ digest }) => ecr.layers(repository, digest));
  const chosen = layer === undefined ? layers.at(-1) : layers.find((one) => one === layer);
  return chosen === undefined
    ? { refusal: noLayer(ecr, { repository, layer, tag }) }
    : { target: chosen };
}

function noLayer(ecr: Ecr, { repository, layer, tag }: WantedLayer): string {
  const tags = ecr.images(repository).flatMap((image) => image.tags);
  const what = layer === undefined ? "no image" : `no layer ${layer}`;
  const where = tag === undefined ? "" : ` under the tag "${tag}"`;
  const has =
    tags.length === 0 ? "nothing was pushed to it yet" : `its tags are ${tags.join(", ")}`;
  return `${repository} has ${what}${where}; ${has}`;
}

interface Callers {
  readonly services: readonly string[];
  readonly functions: readonly string[];
}

/** It may come into being with the first release. */
export function namespaceTarget(namespace: string, namespaces: readonly string[]): FaultTarget {
  return namespaces.includes(namespace)
    ? { target: namespace }
    : {
        refusal: `no environment has the namespace "${namespace}"; there are ${namespaces.join(", ")}`,
      };
}

/** The next invocations of a function by the state machine. */
export function invocationTarget(name: string, functions: readonly string[]): FaultTarget {
  return functions.includes(name)
    ? { target: `invocations of ${name}` }
    : { refusal: `there is no function "${name}"; there are ${functions.join(", ")}` };
}

/** The calls of one function, of all functions to one service, or of one to one. */
export function callTarget(
  wanted: { readonly service?: string | undefined; readonly function?: string | undefined },
  { services, functions }: Callers,
): FaultTarget {
  const { service, function: name } = wanted;
  if (service !== undefined && !services.some((one) => isService(service, one))) {
    return { refusal: `there is no service "${service}"; there are ${services.join(", ")}` };
  }
  if (name !== undefined && !functions.includes(name)) {
    return { refusal: `there is no function "${name}"; there are ${functions.join(", ")}` };
  }
  return {
    target: `calls of ${name ?? "every function"}${service === undefined ? "" : ` to ${service}`}`,
  };
}
