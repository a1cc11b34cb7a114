import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Text that only we can have made: passwords and download addresses carry their own facts, so that
 * none has to be remembered.
 */
export interface SignedText {
  sign(payload: string): string;
  /** The payload, or undefined when the text is not ours. */
  verify(text: string): string | undefined;
}

export function createSignedText(): SignedText {
  const secret = randomBytes(32);
  const mac = (payload: string): string =>
    createHmac("sha256", secret).update(payload).digest("base64url");
  return {
    sign: (payload) => `${Buffer.from(payload).toString("base64url")}.${mac(payload)}`,
    verify(text) {
      const [encoded = "", given = ""] = text.split(".");
      const payload = Buffer.from(encoded, "base64url").toString("utf8");
      return isSame(given, mac(payload)) ? payload : undefined;
    },
  };
}

function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given), Buffer.from(right));
}
