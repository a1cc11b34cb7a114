import { createHmac, randomBytes } from "node:crypto";

/** What a waiting task does with a call that brings its token back. */
export interface TokenHolder {
  succeed(output: string): void;
  fail(error: string | undefined, cause: string | undefined): void;
}

export type TokenState =
  | { readonly kind: "waiting"; readonly holder: TokenHolder }
  /** Ours, and its task is over or was never started. */
  | { readonly kind: "closed"; readonly executionArn: string }
  | { readonly kind: "forged" };

export interface TaskTokens {
  issue(executionArn: string): string;
  open(token: string, holder: TokenHolder): void;
  close(token: string): void;
  find(token: string): TokenState;
  /** The execution that a genuine token belongs to. */
  executionOf(token: string): string | undefined;
}

/**
 * Tokens carry their execution and a signature, so that an old one is told from a forged one
 * without being remembered. They are as long as AWS's, several hundred characters: who keeps one in
 * a small field finds out here.
 */
export function createTaskTokens(): TaskTokens {
  const key = randomBytes(32);
  const waiting = new Map<string, TokenHolder>();
  const sign = (body: string): string => createHmac("sha256", key).update(body).digest("base64url");
  const tokens: TaskTokens = {
    issue(executionArn) {
      const body = Buffer.from(
        JSON.stringify([executionArn, randomBytes(330).toString("base64")]),
      ).toString("base64url");
      return `AQ.${body}.${sign(body)}`;
    },
    open: (token, holder) => void waiting.set(token, holder),
    close: (token) => void waiting.delete(token),
    find(token) {
      const holder = waiting.get(token);
      if (holder) return { kind: "waiting", holder };
      const executionArn = tokens.executionOf(token);
      return executionArn === undefined ? { kind: "forged" } : { kind: "closed", executionArn };
    },
    executionOf(token) {
      const [, body = "", signature] = token.split(".");
      return signature === sign(body) ? executionArnIn(body) : undefined;
    },
  };
  return tokens;
}

function executionArnIn(body: string): string | undefined {
  const [executionArn] = JSON.parse(
    Buffer.from(body, "base64url").toString("utf8"),
  ) as readonly string[];
  return executionArn;
}
