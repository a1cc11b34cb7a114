import { bounded } from "../../src/domain/bounded.ts";
import type { OpenWork, Work } from "../../src/ports/open-work.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

type WorkName = Parameters<OpenWork["remove"]>[1];

export function fakeOpenWork(): OpenWork {
  const stored = new Map<string, { readonly application: string; readonly work: Work }>();
  return {
    async add(application, work) {
      const key = keyOf(application, work);
      assertItemFits(work);
      if (!stored.has(key)) stored.set(key, copyOf({ application, work }));
    },
    async remove(application, work) {
      stored.delete(keyOf(application, work));
    },
    async setAside(application, work, note) {
      const key = keyOf(application, work);
      const present = stored.get(key)?.work ?? work;
      if (present.setAside) return false;
      stored.set(key, copyOf({ application, work: { ...present, setAside: bounded(note) } }));
      return true;
    },
    async list(application) {
      const found = [...stored.values()].filter((entry) => entry.application === application);
      return copyOf(found.map(({ work }) => work));
    },
    async listAll() {
      const grouped = Map.groupBy(stored.values(), ({ application }) => application);
      return new Map(
        [...grouped].map(([application, entries]) => [
          application,
          copyOf(entries.map(({ work }) => work)),
        ]),
      );
    },
  };
}

function keyOf(application: string, work: WorkName): string {
  return `${application}#${work.kind}#${work.kind === "promotion" ? work.id : work.version}`;
}
