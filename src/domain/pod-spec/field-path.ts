/** The path of a field within a path. Labels and annotations have dots and slashes in their names. */
export function fieldPath(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === "" ? step : `${path}.${step}`;
}

/** `spec.template.spec.containers[0].image`. */
export function describePath(path: readonly (string | number)[]): string {
  return path.reduce<string>(fieldPath, "");
}
