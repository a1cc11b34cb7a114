import { expect, it } from "vitest";
import { nextStep } from "../../../cli/next-step.ts";
import { endings } from "../../../src/domain/promotion.ts";

const promotion = { id: "p-1-1", application: "orderbook", environment: "production", version: "1.4.2" };

it.each(endings)("%s names a command that exists, with its arguments", (ending) => {
  const commands = [...nextStep(ending, promotion).matchAll(/`([^`]+)`/g)].map(([, command]) => command);
  expect(commands).not.toEqual([]);
  for (const command of commands) expect(command).toMatch(/^(?:status orderbook|show p-1-1 -v|retry p-1-1|promote orderbook 1\.4\.2 production|resume orderbook production)$/);
});

it("retries what a push started, and promotes again what a person did", () => {
  expect(nextStep("Expired", promotion)).toBe("`retry p-1-1` asks again");
  expect(nextStep("Expired", { ...promotion, id: "m-1" })).toBe("`promote orderbook 1.4.2 production` asks again");
});
