import { createRequire } from "node:module";

interface Closable {
  close(): Promise<void>;
}

/**
 * dynalite asks an iterator to `return()` when its stream ends (`createValueStream` in its
 * db/index.js), but those of abstract-level only know `close()`: each Query would leave one in
 * memory, with its snapshot, until the process ends. This gives them the method that is asked for.
 */
export function closeIterators(): void {
  for (const { prototype } of dynaliteIterators()) {
    Object.assign(prototype, {
      return(this: Closable) {
        return this.close();
      },
    });
  }
}

/** The classes in the copy of abstract-level that dynalite uses. */
export function dynaliteIterators(): readonly { readonly prototype: Closable }[] {
  const dynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const {
    AbstractKeyIterator,
    AbstractValueIterator,
  }: Record<"AbstractKeyIterator" | "AbstractValueIterator", { readonly prototype: Closable }> =
    createRequire(dynalite.resolve("memory-level"))("abstract-level");
  return [AbstractKeyIterator, AbstractValueIterator];
}
