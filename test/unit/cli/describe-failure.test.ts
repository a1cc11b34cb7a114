import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeFailure } from "../../../cli/describe-failure.ts";

const error = (name: string, further: object = {}): Error =>
  Object.assign(new Error("it is so"), { name, ...further });

/** Names that the state machine tries again most patiently. */
const { States } = parse(
  readFileSync(new URL("../../../statemachines/promotion.asl.yml", import.meta.url), "utf8"),
) as {
  readonly States: {
    readonly ResolveRelease: {
      readonly Retry: readonly { readonly ErrorEquals: readonly string[] }[];
    };
  };
};
const passing =
  States.ResolveRelease.Retry.map(({ ErrorEquals }) => ErrorEquals).find((names) =>
    names.includes("Lambda.ServiceException"),
  ) ?? [];

describe("a command that failed", () => {
  it.each(passing.filter((name) => name.startsWith("Lambda.") && name !== "Lambda.Unknown"))(
    "by %s of Lambda's Invoke may be tried again, as the state machine does",
    (name) => {
      expect(describeFailure(error(name.replace("Lambda.", "")))).toMatchObject({ exitCode: 75 });
    },
  );

  it("may be retried when nothing listens any longer", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    server.close();
    const client = new LambdaClient({
      region: "eu-west-1",
      endpoint: `http://127.0.0.1:${port}`,
      maxAttempts: 1,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const failed = await client
      .send(new InvokeCommand({ FunctionName: "show-status" }))
      .catch((reason: unknown) => reason);
    expect(describeFailure(failed)).toEqual({
      exitCode: 75,
      message: `the promoter could not be reached: connect ECONNREFUSED 127.0.0.1:${port}; try again later`,
    });
  });

  it.each([
    ["a name that does not resolve", error("Error", { code: "ENOTFOUND" }), 75],
    ["a time-out", error("TimeoutError"), 75],
    ["throttling", error("ThrottlingException"), 75],
    ["a fault of the service", error("ServiceException"), 75],
    ["no credentials", error("CredentialsProviderError"), 2],
    ["credentials that expired", error("ExpiredTokenException"), 2],
    ["a refusal", error("AccessDeniedException"), 1],
    ["a fault of ours", error("TypeError"), 1],
    ["what is no error", "broken", 1],
  ])("by %s exits accordingly", (_, failed, exitCode) => {
    expect(describeFailure(failed).exitCode).toBe(exitCode);
  });
});
