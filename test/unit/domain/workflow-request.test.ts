import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWorkflowRequest } from "../../../src/domain/workflow-request.ts";

const input = { application: "shop", version: "1.4.2", environment: "production" };
const faultsOf = (value: unknown): readonly string[] => {
  const parsed = parseWorkflowRequest(value);
  return "faults" in parsed ? parsed.faults : [];
};

describe("the input of an execution", () => {
  it("needs application, version and environment, and is a promotion unless it says plan", () => {
    expect(parseWorkflowRequest(input)).toEqual({
      request: {
        ...input,
        mode: "promote",
        reason: undefined,
        requester: undefined,
        set: undefined,
      },
    });
    expect(parseWorkflowRequest({ ...input, mode: "plan" })).toMatchObject({
      request: { mode: "plan" },
    });
    expect(parseWorkflowRequest({ ...input, back: true })).toMatchObject({
      request: { mode: "promote", back: true },
    });
  });

  it.each([
    ["no object", "production", /not a JSON object/],
    ["a list", [input], /not a JSON object/],
    ["nothing", null, /not a JSON object/],
    ["an unknown key", { ...input, digest: "sha256:1" }, /unknown key "digest"/],
    ["a number as version", { ...input, version: 142 }, /"version" must be a string/],
    ["an empty version", { ...input, version: "" }, /"version" must be a string/],
    [
      "a reason that is too long",
      { ...input, reason: "x".repeat(501) },
      /"reason" must be a string/,
    ],
    ["a way back in words", { ...input, back: "yes" }, /"back" must be true or absent/],
    ["another mode", { ...input, mode: "force" }, /"mode" must be "plan"/],
  ])("is refused with %s", (_, value, message) => {
    expect(faultsOf(value).join("; ")).toMatch(message);
  });

  it("has all its faults reported at once", () => {
    expect(faultsOf({ versoin: "1.4.2" })).toHaveLength(4);
  });

  it.each([
    ["all three beside an unknown key", { ...input, force: "yes" }, input],
    [
      "two, when the third is missing",
      { application: "shop", version: "1.4.2" },
      { application: "shop", version: "1.4.2" },
    ],
    [
      "none that could not be a key of the table",
      { ...input, application: "shop#1", version: 142 },
      { environment: "production" },
    ],
    ["none of what is no object", [input], {}],
  ])("still names %s", (_, value, named) => {
    expect(parseWorkflowRequest(value)).toEqual({ faults: expect.anything(), named });
  });

  it("is never a reason to throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseWorkflowRequest(value)).toBeTypeOf("object");
      }),
    );
  });
});
