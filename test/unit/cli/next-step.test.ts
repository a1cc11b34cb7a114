import { expect, it } from "vitest";
import { nextStep } from "../../../cli/next-step.ts";
import { endings } from "../../../src/domain/promotion.ts";
import { rules } from "../../../src/domain/rules/index.ts";
import type { Verdict } from "../../../src/domain/rules/rule.ts";

const promotion: Parameters<typeof nextStep>[1] = {
  id: "p-1-1",
  application: "orderbook",
  environment: "production",
  version: "1.4.2",
  members: [],
  verdicts: undefined,
};
const byHand = { ...promotion, id: "m-1" };
const refusedBy = (rule: string): Verdict => ({
  rule,
  subject: "orderbook-api",
  kind: "refuse",
  reason: "",
});
const afterRefusalBy = (rule: string): string =>
  nextStep("Refused", { ...promotion, verdicts: [refusedBy(rule)] });

it.each(endings)("%s names a command that exists, with its arguments", (ending) => {
  const commands = [...nextStep(ending, promotion).matchAll(/`([^`]+)`/g)].map(
    ([, command]) => command,
  );
  expect(commands).not.toEqual([]);
  for (const command of commands) {
    expect(command).toMatch(
      /^(?:status orderbook|show p-1-1 -v|retry p-1-1|promote orderbook 1\.4\.2 production|resume orderbook production)$/,
    );
  }
});

it("retries what a push started, and promotes again what a person did", () => {
  expect(nextStep("Expired", promotion)).toBe("`retry p-1-1` asks again");
  expect(nextStep("Superseded", promotion)).toBe("`status orderbook` shows what took its place");
  expect(nextStep("Expired", byHand)).toBe("`promote orderbook 1.4.2 production` asks again");
});

it("never repeats a command by hand for which no images were found", () => {
  expect(nextStep("Refused", { ...byHand, members: undefined })).toBe(
    "first do what is named above, or choose another version; `status orderbook` shows what exists",
  );
  expect(nextStep("Refused", { ...promotion, members: undefined })).toBe(
    "fix what is named above, then `retry p-1-1`",
  );
});

it.each(endings)("%s of what had no name that can be typed suggests none", (ending) => {
  for (const unread of [
    { version: "(unknown)" },
    { application: "(unknown)" },
    { environment: "(unknown)" },
  ]) {
    expect(nextStep(ending, { ...byHand, ...unread })).toBe("`status` shows what exists");
  }
});

it("goes on with a new version where this one was judged, and with the same where its moment was", () => {
  const ofVersion = rules
    .map(({ name }) => name)
    .filter(
      (name) =>
        afterRefusalBy(name) ===
        "push a new version; `retry p-1-1` only if this one can pass as it is",
    );
  expect(ofVersion).toEqual(["exists", "platforms", "scan", "versions", "order"]);
  for (const rule of ["age", "hold", "settled"]) {
    expect(afterRefusalBy(rule)).toBe("fix what is named above, then `retry p-1-1`");
  }
});

it("does not go by verdicts that refused nothing", () => {
  expect(
    nextStep("Refused", { ...promotion, verdicts: [{ ...refusedBy("scan"), kind: "pass" }] }),
  ).toBe("fix what is named above, then `retry p-1-1`");
});
