import type { Registry } from "../../domain/configuration.ts";
import { imageName, parseReference } from "../../domain/image/reference.ts";
import { isList, isRecord } from "../../domain/pod-spec/json.ts";
import type { Finding, Path } from "../fault.ts";

/**
 * The images of an object that have the name of a repository, and are in another registry than the
 * one of promoter.yml: most likely it was meant.
 */
export function imagesElsewhere(
  value: unknown,
  { registry, repository }: { readonly registry: Registry; readonly repository: string },
): readonly Finding[] {
  return imageFields(value, []).flatMap(({ path, text }) => {
    const reference = parseReference(text);
    if (reference?.path !== repository) return [];
    const message = `this is ${repository} of ${reference.host ?? "Docker Hub"}, and promoter.yml has registry ${registry.account} in ${registry.region}`;
    return [
      {
        path,
        message,
        remedy: `write ${imageName(registry, repository)}, or correct \`registry\` in promoter.yml`,
      },
    ];
  });
}

interface ImageField {
  readonly path: Path;
  readonly text: string;
}

/** Of containers and of volumes, at any depth. */
function imageFields(value: unknown, path: Path): readonly ImageField[] {
  if (isList(value)) return value.flatMap((item, index) => imageFields(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const isImage =
      typeof member === "string" &&
      (key === "image" || (key === "reference" && path.at(-1) === "image"));
    return isImage ? [{ path: [...path, key], text: member }] : imageFields(member, [...path, key]);
  });
}
