/**
 * The value of a JSON text; undefined when it is not JSON. For texts that others wrote and that are
 * judged next.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
