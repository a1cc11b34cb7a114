/**
 * The values of each enumerated field, by definition and field: `io.k8s.api.core.v1.Container
 * imagePullPolicy`.
 */
export type Enumerations = ReadonlyMap<string, readonly string[]>;

/** From Go source that a generator wrote and gofmt formatted, so that its lines tell enough. */
export function enumerationsOf(source: string): Enumerations {
  const found = new Map<string, readonly string[]>();
  let [definition, field] = ["", ""];
  for (const line of source.split("\n")) {
    definition = /^func schema_k8sio_api_(\w+)\(/.exec(line)?.[1] ?? definition;
    field = /^\t{5}"([^"]+)": \{$/.exec(line)?.[1] ?? field;
    const values = /^\t+Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line)?.[1];
    if (values !== undefined) {
      found.set(enumerationKey(definition, field), JSON.parse(`[${values}]`) as string[]);
    }
  }
  return found;
}

export function enumerationKey(definition: string, field: string): string {
  return `${definition.replace(/^io\.k8s\.api\./, "").replaceAll(".", "_")} ${field}`;
}
