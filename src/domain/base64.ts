/** Text in UTF-8 as base64. */
export function encodeBase64(text: string): string {
  return encodeBytes(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Bytes, each as one character up to U+00FF, as base64. */
export function encodeBytes(bytes: string): string {
  return btoa(bytes);
}

/**
 * The bytes of a text in base64, each as one character. What is outside the alphabet, or cut off,
 * is skipped: the decoder of the text judges it.
 */
export function decodeBytes(text: string): string {
  const [data = ""] = text.replaceAll("-", "+").replaceAll("_", "/").split("=");
  const digits = data.replaceAll(/[^A-Za-z0-9+/]/g, "");
  return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
}
