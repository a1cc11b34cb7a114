import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import type { ObjectArchive, ObjectArchives } from "../../src/ports/object-archives.ts";

export interface FakeObjectArchives extends ObjectArchives {
  /** What every archive holds from now on, or what is wrong with it. */
  set(content: readonly KubernetesObject[] | string): void;
  /** In order. */
  readonly opened: readonly ObjectArchive[];
}

export function fakeObjectArchives(): FakeObjectArchives {
  let current: readonly KubernetesObject[] | string = [];
  const opened: ObjectArchive[] = [];
  return {
    opened,
    set: (content) => void (current = content),
    async read(archive) {
      opened.push(archive);
      return typeof current === "string"
        ? { kind: "faulty", faults: [current] }
        : { kind: "objects", objects: current };
    },
  };
}
