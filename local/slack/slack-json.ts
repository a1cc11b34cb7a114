export type SlackValue = null | boolean | number | string | readonly SlackValue[] | SlackObject;

export interface SlackObject {
  readonly [key: string]: SlackValue | undefined;
}

export function isObject(value: unknown): value is SlackObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectIn(value: SlackValue | undefined, key: string): SlackObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

export function listIn(value: SlackValue | undefined, key: string): readonly SlackValue[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

export function textIn(value: SlackValue | undefined, key: string): string {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : "";
}

/** undefined when the text is not JSON. */
export function parseJson(text: string): SlackValue | undefined {
  try {
    return JSON.parse(text) as SlackValue;
  } catch {
    return undefined;
  }
}
