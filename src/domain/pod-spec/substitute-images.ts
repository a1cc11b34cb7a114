import { decodeBytes, encodeBytes } from "../base64.ts";
import type { Registry } from "../configuration.ts";
import type { Digest } from "../image/digest.ts";
import { replaceReferences, type FoundReference } from "../image/find-references.ts";
import { parseReference, pinnedReference } from "../image/reference.ts";
import { isHostOf } from "../image/registry-host.ts";
import { unreadableReference } from "../image/unreadable-reference.ts";
import { lastApplied } from "./bookkeeping.ts";
import type { FieldPath } from "./containers.ts";
import { kindOf } from "./kinds.ts";
import { mapTexts, type TextPlace } from "./map-texts.ts";
import type { KubernetesObject } from "./object.ts";

/** Which images of the registry the objects may name, and what becomes of them. */
export interface ImagePolicy {
  readonly registry: Registry;
  readonly application: string;
  /** Digests by repository; undefined: it is not known yet, and the text stays as it is. */
  readonly members: ReadonlyMap<string, Digest | undefined>;
  /** Whether members are pinned in image fields alone, or in every text. */
  readonly images: "fields" | "everywhere";
}

export interface ImageProblem {
  readonly path: FieldPath;
  readonly at?: "key";
  /** The part of the text that is meant; absent: all of it, or it is encoded. */
  readonly find?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Substitution {
  readonly object: KubernetesObject;
  /** The repository of every place where a member was found. */
  readonly uses: readonly string[];
  /** Images of the registry that nothing would pin, and images that cannot be read. */
  readonly problems: readonly ImageProblem[];
}

/**
 * Pins every member to `name@digest` and keeps the host that is written, whichever name of the
 * registry it is. Whatever else of the registry the object names, anywhere, is a problem: it would
 * be neither verified nor promoted.
 */
export function substituteImages(object: KubernetesObject, policy: ImagePolicy): Substitution {
  const found: Findings = { uses: [], problems: [], isSecret: kindOf(object).holds === "secrets" };
  const changed = mapTexts(object, {
    change(text, place) {
      if (place.kind === "image") return pinField(text, { policy, place, found });
      return place.kind === "base64"
        ? pinBytes(text, { policy, place, found })
        : pinText(text, { policy, place, found });
    },
    onOddImage: ({ path }) =>
      void found.problems.push({
        path,
        message: "an image must be a string",
        remedy: "put it in quotes",
      }),
  });
  return { object: changed, uses: found.uses, problems: found.problems };
}

interface Findings {
  readonly uses: string[];
  readonly problems: ImageProblem[];
  readonly isSecret: boolean;
}

interface PinContext {
  readonly policy: ImagePolicy;
  readonly place: TextPlace;
  readonly found: Findings;
}

function pinField(text: string, { policy, place: { path }, found }: PinContext): string {
  if (text === "") return text;
  const reference = parseReference(text);
  if (!reference) {
    const { member, ...problem } = unreadableReference(text, {
      ...policy,
      repositories: [...policy.members.keys()],
    });
    found.problems.push({ path, ...problem });
    if (member !== undefined) found.uses.push(member);
    return text;
  }
  if (reference.host === undefined && isHostOf(policy.registry, reference.path)) {
    found.problems.push({ path, ...missingRepository(text, reference.path, policy) });
  }
  if (reference.host === undefined || !isHostOf(policy.registry, reference.host)) return text;
  if (!policy.members.has(reference.path)) {
    found.problems.push({ path, ...unknownRepository(reference.path, policy) });
  }
  return pinMember({ ...reference, text }, { policy, found });
}

function pinMember(
  { text, name, path }: Pick<FoundReference, "text" | "name" | "path">,
  { policy: { members }, found }: Pick<PinContext, "policy" | "found">,
): string {
  if (members.has(path)) found.uses.push(path);
  const digest = members.get(path);
  return digest ? pinnedReference(name, digest) : text;
}

function pinText(text: string, pinning: PinContext): string {
  const {
    policy,
    place: { path, kind },
    found,
  } = pinning;
  return replaceReferences(text, policy.registry, (reference) => {
    const problem = textProblem(reference, pinning);
    if (!problem) return pinMember(reference, { policy, found });
    found.problems.push({
      path,
      ...(kind === "key" ? { at: "key" } : {}),
      ...(kind === "text" ? { find: reference.text } : {}),
      ...problem,
    });
    return reference.text;
  });
}

/** Every byte is one character of Latin-1, so that what is not text comes back as it was. */
function pinBytes(text: string, pinning: PinContext): string {
  const bytes = decodeBytes(text);
  const changed = pinText(bytes, pinning);
  return changed === bytes ? text : encodeBytes(changed);
}

type Problem = Pick<ImageProblem, "message" | "remedy">;

function textProblem(
  reference: FoundReference,
  { policy, place: { kind, path: at }, found: { isSecret } }: PinContext,
): Problem | undefined {
  const { path } = reference;
  const shown = isSecret ? "an image of the registry" : reference.text;
  // A pinned copy would be a copy of something that was never applied.
  if (at.at(-1) === lastApplied) {
    return {
      message: `${shown} is named in kubectl's copy of what it last applied`,
      remedy: `remove the annotation ${lastApplied}`,
    };
  }
  if (reference.kind === "composed") {
    return { message: `${shown} is known only at run time`, remedy: composedRemedy(path, policy) };
  }
  if (reference.kind === "address") {
    const image = `${isSecret ? "registry/repository" : reference.name}:latest`;
    return {
      message: `${shown} is an address of the registry's API, where nothing pins it`,
      remedy: `name the image itself, such as ${image}, and set podSpec.images: everywhere`,
    };
  }
  if (!policy.members.has(path)) return unknownInText(isSecret ? "this image" : path, policy);
  if (kind === "key") {
    return {
      message: `${shown} is named in a key, where nothing pins it`,
      remedy: "name it in a value",
    };
  }
  if (policy.images === "everywhere") return undefined;
  return {
    message: `${shown} is named outside an image field, where nothing pins it`,
    remedy: "set podSpec.images: everywhere; each promotion then pins it here too",
  };
}

function missingRepository(text: string, host: string, { members }: ImagePolicy): Problem {
  const known = [...members.keys()].join(", ");
  const image = `the image ${JSON.stringify(text)} is the registry without a repository`;
  return {
    message: `${image}, so nodes would ask Docker Hub for it`,
    remedy: `write ${host}/ and ${members.size > 1 ? "one of " : ""}${known || "a repository"}`,
  };
}

function unknownRepository(path: string, { application, members }: ImagePolicy): Problem {
  return {
    message: `${path} is not an image of application ${application}, so it would never be promoted`,
    remedy: `${members.size > 0 ? `use one of ${[...members.keys()].join(", ")}, or ` : ""}add it to images`,
  };
}

function unknownInText(path: string, policy: ImagePolicy): Problem {
  const { message, remedy } = unknownRepository(path, policy);
  return {
    message,
    remedy:
      policy.images === "everywhere" ? remedy : `${remedy} and set podSpec.images: everywhere`,
  };
}

function composedRemedy(path: string, { members, images }: ImagePolicy): string {
  const setting = images === "everywhere" ? "" : "set podSpec.images: everywhere and ";
  return members.has(path)
    ? `${setting}write a plain tag, such as :latest; each promotion replaces it`
    : `${setting}name it in full, with a plain tag`;
}
