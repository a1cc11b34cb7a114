import { decodeBytes, encodeBytes } from "../base64.ts";
import type { Registry } from "../configuration.ts";
import { replaceReferences, type FoundReference } from "../image/find-references.ts";
import { parseReference, pinnedReference } from "../image/reference.ts";
import { isHostOf } from "../image/registry-host.ts";
import { unreadableReference } from "../image/unreadable-reference.ts";
import { lastApplied } from "./bookkeeping.ts";
import type { FieldPath } from "./containers.ts";
import { kindOf } from "./kinds.ts";
import { mapTexts, type TextPlace } from "./map-texts.ts";
import { meantMember, type PinnedMember } from "./meant-member.ts";
import type { KubernetesObject } from "./object.ts";

/** Which images of the registry the objects may name, and what becomes of them. */
export interface ImagePolicy {
  readonly registry: Registry;
  readonly application: string;
  /** With those of other applications in the same repositories. */
  readonly members: readonly PinnedMember[];
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
  /** The member of every place where one was found, by name. */
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
      repositories: ownMembers(policy).map(({ repository }) => repository),
    });
    found.problems.push({ path, ...problem });
    const meant = ownMembers(policy).filter(({ repository }) => repository === member);
    found.uses.push(...meant.map(({ name }) => name));
    return text;
  }
  if (reference.host === undefined && isHostOf(policy.registry, reference.path)) {
    found.problems.push({ path, ...missingRepository(text, reference.path, policy) });
  }
  if (reference.host === undefined || !isHostOf(policy.registry, reference.host)) return text;
  const image = { ...reference, text };
  const problem = memberProblem(image, policy, () => unknownRepository(image.path, policy));
  if (problem) found.problems.push({ path, ...problem });
  return pinMember(image, { policy, found });
}

type NamedImage = Pick<FoundReference, "text" | "name" | "path">;

function pinMember(
  image: NamedImage,
  { policy, found }: Pick<PinContext, "policy" | "found">,
): string {
  const meant = meantMember(policy.members, image);
  if (meant.kind !== "member") {
    // Used by somebody, so that only the true fault is reported.
    const sharing = ownMembers(policy).filter(({ repository }) => repository === image.path);
    found.uses.push(...sharing.map(({ name }) => name));
    return image.text;
  }
  const { name, digest } = meant.member;
  found.uses.push(name);
  return digest ? pinnedReference(image.name, digest) : image.text;
}

function memberProblem(
  image: NamedImage,
  { members }: ImagePolicy,
  unknown: () => Problem,
): Problem | undefined {
  const meant = meantMember(members, image);
  if (meant.kind === "member") return undefined;
  return meant.kind === "unknown" ? unknown() : { message: meant.message, remedy: meant.remedy };
}

function ownMembers({ members }: ImagePolicy): readonly PinnedMember[] {
  return members.filter(({ owner }) => owner === undefined);
}

function hasMember(path: string, policy: ImagePolicy): boolean {
  return ownMembers(policy).some(({ repository }) => repository === path);
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
  const problem = memberProblem(reference, policy, () =>
    unknownInText(isSecret ? "this image" : path, policy),
  );
  if (problem) return isSecret && hasMember(path, policy) ? unclearSecret : problem;
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

const unclearSecret: Problem = {
  message: "it is not clear which image of its repository an image here means",
  remedy: "write a tag as the builds push it for the one that is meant",
};

function missingRepository(text: string, host: string, policy: ImagePolicy): Problem {
  const members = repositoriesOf(policy);
  const known = members.join(", ");
  const image = `the image ${JSON.stringify(text)} is the registry without a repository`;
  return {
    message: `${image}, so nodes would ask Docker Hub for it`,
    remedy: `write ${host}/ and ${members.length > 1 ? "one of " : ""}${known || "a repository"}`,
  };
}

function repositoriesOf(policy: ImagePolicy): readonly string[] {
  return [...new Set(ownMembers(policy).map(({ repository }) => repository))];
}

function unknownRepository(path: string, policy: ImagePolicy): Problem {
  const members = repositoriesOf(policy);
  const { application } = policy;
  return {
    message: `${path} is not an image of application ${application}, so it would never be promoted`,
    remedy: `${members.length > 0 ? `use one of ${members.join(", ")}, or ` : ""}add it to images`,
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

function composedRemedy(path: string, policy: ImagePolicy): string {
  const setting = policy.images === "everywhere" ? "" : "set podSpec.images: everywhere and ";
  return hasMember(path, policy)
    ? `${setting}write a plain tag, such as :latest; each promotion replaces it`
    : `${setting}name it in full, with a plain tag`;
}
