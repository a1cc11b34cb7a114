import type { Registry } from "../configuration.ts";
import { partitionOf } from "../partition.ts";

/** A text such as `localhost:5000/team/web:1.2@sha256:…`, taken apart. */
export interface Reference {
  /** Registry and repository, as written: `nginx` stays `nginx`. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export interface PinnedImage {
  readonly registry: Registry;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Host name of an ECR registry (AWS general reference, Amazon ECR endpoints). */
export function registryHost({ account, region }: Registry): string {
  return `${account}.dkr.ecr.${region}.${partitionOf(region).dnsSuffix}`;
}

/** The name that an object uses for a repository of ours. */
export function imageName(registry: Registry, repository: string): string {
  return `${registryHost(registry)}/${repository}`;
}

/** `registry/repository:tag@digest`: the digest decides what runs, the tag is for people. */
export function formatReference({ registry, repository, tag, digest }: PinnedImage): string {
  return `${imageName(registry, repository)}:${tag}@${digest}`;
}

/**
 * Takes an image apart as kustomize does: a colon before the first slash is a registry port, so is none of the name without a slash
 * (`localhost:5000` is image `localhost`, tag `5000`).
 */
export function parseReference(text: string): Reference {
  const slash = Math.max(text.indexOf("/"), 0);
  const at = text.indexOf("@", slash);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(":", slash);
  return {
    name: colon < 0 ? named : named.slice(0, colon),
    tag: colon < 0 ? undefined : named.slice(colon + 1),
    digest: at < 0 ? undefined : text.slice(at + 1),
  };
}
