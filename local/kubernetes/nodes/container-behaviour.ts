/** What a container does once its image is there. */
export type ContainerBehaviour =
  | { readonly kind: "ready"; readonly after?: number }
  | { readonly kind: "never-ready" }
  | {
      readonly kind: "crash";
      readonly exitCode: number;
      readonly message?: string;
      readonly after?: number;
    };

/**
 * Behaviours by image: a whole reference, its digest, a tag of it (`repository:tag`) or its
 * repository, the most exact first.
 */
export interface BehaviourBook {
  set(image: string, behaviour: ContainerBehaviour | undefined): void;
  of(reference: string): ContainerBehaviour;
}

/**
 * `tagsOf` names what points at a digest by now, as `repository:tag`: a pod may run
 * `orderbook-api:prod@sha256:…` of what was pushed as another tag.
 */
export function createBehaviourBook(
  tagsOf: (digest: string) => readonly string[] = () => [],
): BehaviourBook {
  const known = new Map<string, ContainerBehaviour>();
  return {
    set: (image, behaviour) =>
      behaviour ? void known.set(image, behaviour) : void known.delete(image),
    of(reference) {
      for (const name of namesOf(reference, tagsOf)) {
        const behaviour = known.get(name);
        if (behaviour) return behaviour;
      }
      return { kind: "ready" };
    },
  };
}

function namesOf(
  reference: string,
  tagsOf: (digest: string) => readonly string[],
): readonly string[] {
  const [tagged = "", digest = ""] = reference.split("@");
  const repository = tagged.replace(/:[^/:]+$/, "");
  return [
    reference,
    digest,
    tagged,
    withoutRegistry(tagged),
    ...tagsOf(digest),
    repository,
    withoutRegistry(repository),
  ].filter((name) => name !== "");
}

function withoutRegistry(name: string): string {
  return name.split("/").slice(1).join("/");
}
