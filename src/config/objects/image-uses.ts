import { parseReference } from "../../domain/image/reference.ts";
import { isList, isRecord, textAt } from "../../domain/pod-spec/json.ts";
import type { Path } from "../fault.ts";

export interface ImageUse {
  readonly path: Path;
  /** Without tag and digest. */
  readonly name: string;
}

/** Every image of a `containers` or `initContainers` list at any depth: those that a promotion pins. */
export function imageUses(value: unknown, path: Path = []): readonly ImageUse[] {
  if (isList(value)) return value.flatMap((item, index) => imageUses(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => [...containerImages(key, member, path), ...imageUses(member, [...path, key])]);
}

function containerImages(key: string, member: unknown, path: Path): readonly ImageUse[] {
  if ((key !== "containers" && key !== "initContainers") || !isList(member)) return [];
  return member.flatMap((container, index) => {
    const image = textAt(container, "image");
    return image === undefined ? [] : [{ path: [...path, key, index, "image"], name: parseReference(image).name }];
  });
}
