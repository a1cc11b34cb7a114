import { parseReference } from "../../domain/image/reference.ts";
import { ownEntry } from "../../domain/own-entry.ts";
import { isList, isRecord, textAt } from "../../domain/pod-spec/json.ts";
import type { Path } from "../fault.ts";

export interface ImageUse {
  readonly path: Path;
  /** Without tag and digest. */
  readonly name: string;
  /** Whether a promotion pins it, as `kubectl kustomize` would: the files of an image that is a volume it leaves alone. */
  readonly isPinned: boolean;
}

/** Where an element of such a list names an image. */
const places: Readonly<Record<string, readonly string[]>> = { containers: ["image"], initContainers: ["image"], volumes: ["image", "reference"] };

/** Every image that an object names for its pods, at any depth. */
export function imageUses(value: unknown, path: Path = []): readonly ImageUse[] {
  if (isList(value)) return value.flatMap((item, index) => imageUses(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => [...imagesOf(key, member, path), ...imageUses(member, [...path, key])]);
}

function imagesOf(key: string, member: unknown, path: Path): readonly ImageUse[] {
  const place = ownEntry(places, key);
  if (!place || !isList(member)) return [];
  return member.flatMap((element, index) => {
    const image = textAt(element, ...place);
    return image === undefined ? [] : [{ path: [...path, key, index, ...place], name: parseReference(image).name, isPinned: key !== "volumes" }];
  });
}
