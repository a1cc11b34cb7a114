import { addIgnoredPush, type IgnoredPush } from "../../src/domain/ignored-push.ts";
import type { IgnoredPushes } from "../../src/ports/ignored-pushes.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

export function fakeIgnoredPushes(): IgnoredPushes {
  const stored = new Map<string, readonly IgnoredPush[]>();
  return {
    async note(application, push) {
      const pushes = addIgnoredPush(stored.get(application) ?? [], push);
      assertItemFits({ pushes });
      stored.set(application, copyOf(pushes));
    },
    list: async (application) => copyOf(stored.get(application) ?? []),
  };
}
