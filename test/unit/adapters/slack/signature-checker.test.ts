import { virtualClock } from "@promoter/local-cloud/clock";
import { slackSignature } from "@promoter/local-cloud/internal/slack/sign-request.ts";
import { describe, expect, it } from "vitest";
import { signatureChecker } from "../../../../src/adapters/slack/signature-checker.ts";

/** A secret that is kept as it was first read, until somebody says that it did not do. */
function aSecret() {
  const clock = virtualClock(Date.parse("2026-01-05T09:00:00Z"));
  const secret = { stored: "old", kept: "old", freshReads: 0 };
  const read = async (refused?: string): Promise<string> => {
    if (refused === secret.kept) {
      secret.freshReads += 1;
      secret.kept = secret.stored;
    }
    return secret.kept;
  };
  const check = signatureChecker({ secret: read, clock });
  const post = (signedWith: string) => {
    const timestamp = String(clock.now() / 1_000);
    const headers = {
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": slackSignature(signedWith, timestamp, "payload=x"),
    };
    return check({ headers, body: Buffer.from("payload=x") });
  };
  return {
    clock,
    secret,
    post,
    pass: (milliseconds: number) => clock.advanceTo(clock.now() + milliseconds),
  };
}

describe("a post", () => {
  it("with the signature of the secret at hand costs no other look at it", async () => {
    const { post, secret } = aSecret();
    expect(await post("old")).toEqual({ kind: "genuine" });
    expect(secret.freshReads).toBe(0);
  });

  it("that is signed with a secret which was changed a moment ago is genuine", async () => {
    const { post, secret } = aSecret();
    await post("old");
    secret.stored = "new";
    expect(await post("new")).toEqual({ kind: "genuine" });
    expect(await post("new")).toEqual({ kind: "genuine" });
    expect(await post("old")).toMatchObject({ kind: "forged" });
  });

  it("that is forged has the secret read again once in ten seconds, however many of them come", async () => {
    const { post, secret, pass } = aSecret();
    const kinds = await Promise.all(
      Array.from({ length: 20 }, () => post("guessed").then(({ kind }) => kind)),
    );
    pass(9_000);
    kinds.push((await post("guessed")).kind);
    expect(secret.freshReads).toBe(1);
    pass(1_000);
    kinds.push((await post("guessed")).kind);
    expect(secret.freshReads).toBe(2);
    expect(new Set(kinds)).toEqual(new Set(["forged"]));
  });

  it("that is genuine counts also while forged ones come", async () => {
    const { post, secret, pass } = aSecret();
    await post("guessed");
    secret.stored = "new";
    pass(10_000);
    await post("guessed");
    expect(await post("new")).toEqual({ kind: "genuine" });
  });
});
