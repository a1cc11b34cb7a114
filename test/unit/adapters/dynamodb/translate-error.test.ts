import { describe, expect, it } from "vitest";
import { translateError } from "../../../../src/adapters/dynamodb/translate-error.ts";

function failure(name: string, fields: object = {}): Error {
  return Object.assign(new Error("the words of the service"), { name }, fields);
}

describe("what a failure of DynamoDB means", () => {
  // DynamoDB developer guide, "Error handling with DynamoDB": what may be tried again. Codes of sockets: Node.js, "Common system errors".
  it.each([
    ["throttling", failure("ThrottlingException"), "StoreUnavailable"],
    [
      "too much for the partition",
      failure("ProvisionedThroughputExceededException"),
      "StoreUnavailable",
    ],
    ["too much for the account", failure("RequestLimitExceeded"), "StoreUnavailable"],
    [
      "a failure of the service",
      failure("InternalServerError", { $metadata: { httpStatusCode: 500 } }),
      "StoreUnavailable",
    ],
    [
      "a 503 without a name",
      failure("Unknown", { $metadata: { httpStatusCode: 503 } }),
      "StoreUnavailable",
    ],
    [
      "a 429 without a name",
      failure("Unknown", { $metadata: { httpStatusCode: 429 } }),
      "StoreUnavailable",
    ],
    ["a timeout", failure("TimeoutError"), "StoreUnavailable"],
    ["a connection that was reset", failure("Error", { code: "ECONNRESET" }), "StoreUnavailable"],
    ["a name that did not resolve", failure("Error", { code: "EAI_AGAIN" }), "StoreUnavailable"],
    [
      "a missing permission",
      failure("AccessDeniedException", { $metadata: { httpStatusCode: 400 } }),
      "StoreRefused",
    ],
    ["a missing table", failure("ResourceNotFoundException"), "StoreRefused"],
    ["an item that is too big", failure("ValidationException"), "StoreRefused"],
    ["an expired credential", failure("ExpiredTokenException"), "StoreRefused"],
    [
      "any other 4xx",
      failure("BrandNewException", { $metadata: { httpStatusCode: 400 } }),
      "StoreRefused",
    ],
  ])("is, of %s, told in our words", (_, error, name) => {
    const translated = translateError(error, "reading PROMO#p-1/META in table promoter");
    expect(translated).toMatchObject({
      name,
      retryable: name === "StoreUnavailable",
      cause: error,
      details: { exception: error.name },
    });
    expect((translated as Error).message).toMatch(
      /^reading PROMO#p-1\/META in table promoter: expected .+ got .+: the words of the service; .+/,
    );
  });

  it("leaves a fault of this program as it is", () => {
    const bug = new TypeError("x is not a function");
    expect(translateError(bug, "reading")).toBe(bug);
    expect(translateError("text", "reading")).toBe("text");
  });
});
