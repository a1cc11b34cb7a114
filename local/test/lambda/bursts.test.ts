import { expect, it } from "vitest";
import { virtualClock } from "../../clock.ts";
import type { LambdaReply, TimeLimit } from "../../invocation.ts";
import { createLambda, type DeployedFunction, type Lambda } from "../../lambda/lambda.ts";

const settings = { name: "f", arn: "arn:f", roleArn: "arn:role", timeout: 30, environment: {} };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A Lambda whose one function answers when it is told to. */
function aLambda(): { readonly lambda: Lambda; readonly underWay: (() => void)[] } {
  const underWay: (() => void)[] = [];
  const invoke = (): Promise<LambdaReply> =>
    new Promise((resolve) => underWay.push(() => resolve({ kind: "ok", payload: 1 })));
  const pool: DeployedFunction["pool"] = {
    invoke,
    close: () => Promise.resolve(),
    isDead: () => false,
    exit: () => undefined,
  };
  const lambda = createLambda({
    functions: [{ settings, pool }],
    urls: [],
    clock: virtualClock(),
    track: (work) => work,
    sendRecord: () => undefined,
  });
  return { lambda, underWay };
}

it("a burst waits for its turn, and no time limit runs meanwhile", async () => {
  const { lambda, underWay } = aLambda();
  const limits = Array.from({ length: 100 }, () => ({ running: true }));
  const replies = limits.map((limit) => lambda.invoke("f", {}, timeLimitOf(limit)));
  await turn();
  const most = underWay.length;
  expect(most).toBeLessThan(40);
  expect(limits.map(({ running }) => running)).toEqual(limits.map((_, index) => index < most));
  underWay[0]?.();
  await turn();
  expect(underWay).toHaveLength(most + 1);
  expect(limits[most]?.running).toBe(true);
  for (let answered = 1; answered < limits.length; answered += 1) {
    underWay[answered]?.();
    await turn();
  }
  expect(await Promise.all(replies)).toHaveLength(100);
});

it("an invocation by hand does not wait behind a burst, not even of events", async () => {
  const { lambda, underWay } = aLambda();
  for (let event = 0; event < 100; event += 1) lambda.accept("f", {});
  await turn();
  await turn();
  const most = underWay.length;
  expect(most).toBeLessThan(40);
  const reply = lambda.invoke("f", {});
  await turn();
  underWay[most]?.();
  expect(await reply).toEqual({ kind: "ok", payload: 1 });
});

function timeLimitOf(limit: { running: boolean }): TimeLimit {
  return {
    rest: () => {
      limit.running = false;
    },
    run: () => {
      limit.running = true;
    },
  };
}
