import { describe, expect, it } from "vitest";
import { resolveVariables } from "../../../../scripts/stack/resolve-variables.ts";

const sources = {
  self: (address: string) =>
    ({ service: "promoter", list: [1, 2], chained: "${sls:stage}" })[address],
  sls: (address: string) => (address === "stage" ? "dev" : undefined),
  file: (address: string) => ({ "a.yml:": { whole: true }, "a.yml:b.c": "part" })[address],
};

describe("variables of serverless.yml", () => {
  it.each<[unknown, unknown]>([
    ["${self:service}", "promoter"],
    ["${self:list}", [1, 2]],
    ["${self:chained}", "dev"],
    ["${self:service}-${sls:stage}-push", "promoter-dev-push"],
    ["${file(a.yml)}", { whole: true }],
    ["${file(a.yml):b.c, 'other'}", "part"],
    ["${file(a.yml):absent, 'other'}", "other"],
    ["${sls:absent, ''}", ""],
    [{ deep: ["${sls:stage}", 1, null] }, { deep: ["dev", 1, null] }],
  ])("%j becomes %j", (written, resolved) => {
    expect(resolveVariables(written, sources)).toEqual(resolved);
  });

  it.each([
    "arn:${AWS::Partition}:events",
    "${VerifyImagesFunctionArn}",
    "{% $states.input %}",
    "no variable",
  ])("%s is left alone", (text) => {
    expect(resolveVariables(text, sources)).toBe(text);
  });

  it.each([
    ["${env:HOME}", /does not know/],
    ["${self:absent}", /has no value/],
  ])("%s is refused", (text, why) => {
    expect(() => resolveVariables(text, sources)).toThrow(why);
  });
});
