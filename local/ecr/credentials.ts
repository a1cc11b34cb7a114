import type { Clock } from "../clock.ts";
import { createSignedText } from "./signed-text.ts";

export interface FixedCredentials {
  readonly user: string;
  readonly password: string;
}

export interface CredentialOptions {
  /** A user and password that never expire, for local tools. */
  readonly fixed?: FixedCredentials | undefined;
  readonly anonymous: boolean;
}

/** `expired` is told apart because ECR answers it with 403, not with a new challenge. */
type Login = "accepted" | "expired" | "refused";

export interface Credentials {
  issue(): { readonly authorizationToken: string; readonly expiresAt: number };
  check(authorization: string | undefined): Login;
}

/** "The authorization token is valid for 12 hours." Source: API reference, GetAuthorizationToken. */
const lifetime = 12 * 60 * 60 * 1000;

export function createCredentials(clock: Clock, options: CredentialOptions): Credentials {
  const passwords = createSignedText();
  const checkPassword = (password: string): Login => {
    const expiresAt = passwords.verify(password);
    if (expiresAt === undefined) return "refused";
    return Number(expiresAt) > clock.now() ? "accepted" : "expired";
  };
  return {
    issue() {
      const expiresAt = clock.now() + lifetime;
      const authorizationToken = Buffer.from(`AWS:${passwords.sign(String(expiresAt))}`).toString(
        "base64",
      );
      return { authorizationToken, expiresAt };
    },
    check(authorization) {
      if (options.anonymous) return "accepted";
      const given = basicCredentials(authorization);
      if (!given) return "refused";
      if (given.user === options.fixed?.user && given.password === options.fixed.password) {
        return "accepted";
      }
      return given.user === "AWS" ? checkPassword(given.password) : "refused";
    },
  };
}

function basicCredentials(authorization: string | undefined): FixedCredentials | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const [, user, password] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
