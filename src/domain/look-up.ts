/** What a record has under a name that comes from outside: every object inherits a `constructor`. */
export function lookUp<Entry>(
  entries: Readonly<Record<string, Entry>>,
  name: string,
): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
