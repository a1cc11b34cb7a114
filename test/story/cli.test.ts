import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test, vi } from "vitest";
import { history } from "../../cli/commands/history.ts";
import { operate } from "../../cli/commands/operate.ts";
import { promote } from "../../cli/commands/promote.ts";
import { show } from "../../cli/commands/show.ts";
import { status } from "../../cli/commands/status.ts";
import { localConnection, type Connection } from "../../cli/connection.ts";
import { resolvePromotion } from "../../cli/resolve-promotion.ts";
import { stepPrinter } from "../../cli/step-printer.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";
import { withoutPushRule } from "./without-push-rule.ts";

const production = { application: "orderbook", environment: "production" };

test("promote follows a promotion step by step to its end and exits with 0", async () => {
  const world = await startWorld({ yaml: withoutApproval, changeTemplate: withoutPushRule });
  await world.pushRelease("1.4.2");
  const ada = person(world);
  const exitCode = await followed(
    world,
    promote({ input: { ...production, version: "1.4.2", requester: "ada" }, name: "by-ada" }, ada),
    ada,
  );
  expect(ada.lines.join("\n")).toMatch(
    /VerifyImages[^]*RetagImages[^]*CheckRollout[^]*MoveMovingTags[^]*Promoted {2}orderbook 1\.4\.2 to production/,
  );
  expect(exitCode).toBe(0);
});

test("promote of what is incomplete says what is missing and exits with 75: the same command may succeed later", async () => {
  const world = await startWorld();
  await world.push("orderbook-api", "1.4.2");
  const ada = person(world);
  const exitCode = await followed(
    world,
    promote({ input: { ...production, version: "1.4.2" }, name: "too-early" }, ada),
    ada,
  );
  expect(ada.lines.join("\n")).toContain("orderbook-ui is missing");
  expect(exitCode).toBe(75);
});

test("promote of what is refused exits with 1", async () => {
  const world = await startWorld();
  const ada = person(world);
  const exitCode = await followed(
    world,
    promote({ input: { ...production, version: "9.9.9" }, name: "unknown" }, ada),
    ada,
  );
  expect(exitCode).toBe(1);
});

test.each([
  {
    input: { ...production, environment: "prod", version: "1.4.2" },
    message: 'there is no environment of orderbook named "prod"; promoter.yml has production',
  },
  {
    input: { ...production, application: "shop", version: "1.4.2" },
    message: 'there is no application named "shop"; promoter.yml has orderbook',
  },
])(
  "promote of a name that does not exist starts nothing and exits with 2: $message",
  async ({ input, message }) => {
    const world = await startWorld();
    await expect(promote({ input, name: "mistyped" }, person(world))).rejects.toMatchObject({
      name: "CommandError",
      exitCode: 2,
      message,
    });
    expect(world.cloud.stepFunctions.executions.arns).toEqual([]);
  },
);

test("a step that runs again after an approval prints only what is new", async () => {
  const world = await startWorld();
  const promotion = await world.pushRelease("1.4.2");
  await world.asked(promotion);
  await world.pass(1_000);
  expect(await world.approve(promotion)).toBe("Promoted");
  const { trail, promotion: shown } = await world.show(promotion);
  const { terminal, lines } = person(world);
  const print = stepPrinter(terminal, { verbose: true });
  for (const entry of trail) print(entry, shown);
  const verified = lines.flatMap((text, index) =>
    /VerifyImages +verified/.test(text) ? [index] : [],
  );
  expect(verified).toHaveLength(2);
  const again = lines.slice(
    verified[1],
    lines.findIndex(
      (text, index) => index > (verified[1] ?? 0) && text.includes("CheckProductionTags"),
    ),
  );
  expect(again.slice(1).map((text) => text.trim())).toEqual(["· all as before"]);
});

test("promote of what a push has under way starts nothing and follows that; Ctrl-C stops following alone", async () => {
  const world = await startWorld();
  const pushed = await world.pushRelease("1.4.2");
  await world.asked(pushed);
  const ada = person(world);
  const stop = new AbortController();
  const first = promote(
    { input: { ...production, version: "1.4.2" }, name: "second", signal: stop.signal },
    ada,
  );
  await vi.waitUntil(
    () =>
      ada.lines.some((line) => line.includes("waits for a vote of U012AB3CD, until 2026-01-06")),
    { timeout: 30_000 },
  );
  stop.abort();
  expect(await first).toBe(130);
  expect(ada.lines.at(-1)).toBe(
    `stopped following; the promotion continues: \`show ${pushed}\` shows how it ends`,
  );
  const again = promote({ input: { ...production, version: "1.4.2" }, name: "third" }, ada);
  expect(await world.approve(pushed)).toBe("Promoted");
  expect(await again).toBe(0);
  expect(ada.lines.filter((line) => line.startsWith(pushed))).toEqual(
    Array.from(
      { length: 2 },
      () => `${pushed} is already under way: nothing was started; following it`,
    ),
  );
  expect(world.promotions()).toEqual([pushed]);
});

test("without -v a step is one line, and what did not pass says why", async () => {
  const world = await startWorld();
  const promotion = await world.pushRelease("1.4.2");
  expect(await world.approve(promotion)).toBe("Promoted");
  const { connection, terminal, lines } = person(world);
  await show({ promotion }, { connection, terminal });
  const reasons = lines
    .filter((line) => line.trimStart().startsWith("·"))
    .map((line) => line.trim());
  expect(
    reasons.filter(
      (reason) =>
        !/its scan is not finished; it has 30m|asked U012AB3CD in #releases, until 2026-01-06 09:00:0\d UTC \(.*\)$|new pods are available|pods are updated|has not seen the new spec yet/.test(
          reason,
        ),
    ),
  ).toEqual([]);
  expect(reasons.length).toBeLessThan(8);
  lines.length = 0;
  await show({ promotion, verbose: true }, { connection, terminal });
  expect(lines.join("\n")).toMatch(
    /· exists: orderbook-api [^]*· orderbook-api:prod-1\.4\.2 written/,
  );
});

test("plan prints every object and image that would change, and nothing changes", async () => {
  const world = await startWorld();
  const push = await world.pushRelease("1.4.2");
  await world.asked(push);
  world.cloud.calls.clear();
  const ada = person(world);
  const exitCode = await followed(
    world,
    promote({ input: { ...production, version: "1.4.2", mode: "plan" }, name: "plan-1" }, ada),
    ada,
  );
  expect(ada.lines.join("\n")).toContain("Deployment orderbook/orderbook-api");
  expect(
    ada.lines.filter((text) => text.includes("Deployment orderbook/orderbook-api")),
  ).toHaveLength(1);
  expect(world.writes()).toEqual([]);
  expect(exitCode).toBe(0);
});

test("plan --diff prints the objects that would be there", async () => {
  const world = await startWorld();
  await world.asked(await world.pushRelease("1.4.2"));
  const ada = person(world);
  await followed(
    world,
    promote(
      { input: { ...production, version: "1.4.2", mode: "plan" }, name: "plan-3", diff: true },
      ada,
    ),
    ada,
  );
  expect(ada.lines).toContain("+++ Deployment orderbook/orderbook-api (planned)");
  expect(ada.lines).toContain("+kind: Deployment");
});

test("plan of what runs already says that nothing would change", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  const ada = person(world);
  await followed(
    world,
    promote({ input: { ...production, version: "1.4.2", mode: "plan" }, name: "plan-2" }, ada),
    ada,
  );
  const text = ada.lines.join("\n");
  for (const part of [
    "nothing would change: production runs 1.4.2",
    "orderbook 1.4.2 as it runs",
    "prod-1.4.2, prod in place",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("+ prod");
});

test("status shows what runs, what is under way and what is incomplete", async () => {
  const world = await startWorld();
  const first = await world.pushRelease("1.4.1");
  expect(await world.approve(first)).toBe("Promoted");
  const second = await world.pushRelease("1.4.2");
  await world.asked(second);
  await world.push("orderbook-ui", "1.4.3");
  for (const tag of ["dev-next", "latest", "1.4.4"]) {
    await world.push("orderbook-api", "1.4.4", { tag });
  }
  await world.pass(1_000);
  const { connection, terminal, lines } = person(world);
  await status({ application: undefined }, { connection, terminal });
  const text = lines.join("\n");
  expect(text).toContain("production: has run 1.4.1 since");
  expect(text).toContain(`owned by ${second}, waiting`);
  expect(text).toContain("orderbook 1.4.3 is incomplete: orderbook-api is missing");
  expect(text).toMatch(
    /orderbook-api:dev-next, pushed at 2026-01-05 09:00:0\d UTC \(.*\), was ignored: it has no valid semver version/,
  );
  for (const tag of ["latest", "1.4.4"]) {
    expect(text).toMatch(new RegExp(`orderbook-api:${tag}, pushed at .*, was ignored: .*dev-`));
  }
  expect(text).not.toMatch(/orderbook-api:prod.* ignored/);
  expect(text).toMatch(
    /1\.4\.2 to production, waits for a vote of U012AB3CD, until 2026-01-06 09:00:0\d UTC \((?:in )?\d+d/,
  );
});

test("show prints one promotion whole: who asked, steps, plan, votes and ending", async () => {
  const world = await startWorld();
  const promotion = await world.pushRelease("1.4.2");
  await world.asked(promotion);
  const { connection, terminal, lines } = person(world);
  await show({ promotion }, { connection, terminal });
  expect(lines.join("\n")).toMatch(
    /Approval: pending, 0 of 1 votes, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \((?:in )?\d+d[^]*It has not ended yet/,
  );
  expect(await world.approve(promotion)).toBe("Promoted");
  lines.length = 0;
  await show({ promotion }, { connection, terminal });
  expect(lines.join("\n")).toMatch(
    /orderbook 1\.4\.2 -> production[^]*by a push[^]*RetagImages[^]*Announce[^]*Plan [^]*orderbook-api[^]*Promoted {2}orderbook 1\.4\.2[^]*approved by U012AB3CD at 20\d\d-[^]*next: `status orderbook`/,
  );
  lines.length = 0;
  await show({ promotion, json: true }, { connection, terminal });
  expect(JSON.parse(lines.join(""))).toMatchObject({
    promotion: { id: promotion, ending: "Promoted" },
    plan: {},
    approval: {},
    trail: expect.any(Array),
    chain: { kind: "holds" },
  });
  await expect(show({ promotion: "nobody" }, { connection, terminal })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("there is no promotion nobody"),
    details: { name: "NotFound" },
  });
});

test("show says where a trail was edited in the table", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  const promotion = await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  const client = new DynamoDBClient({
    region: "eu-west-1",
    endpoint: world.cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  await client.send(
    new UpdateItemCommand({
      TableName: world.cloud.stack.tables[0] ?? "",
      Key: { pk: { S: `TRAIL#${promotion}` }, sk: { S: "00000002" } },
      UpdateExpression: "SET reasons = :none",
      ExpressionAttributeValues: { ":none": { L: [] } },
    }),
  );
  const { connection, terminal, lines } = person(world);
  await show({ promotion }, { connection, terminal });
  expect(lines.join("\n")).toMatch(/This trail was edited: entry 2 \(VerifyImages at /);
  lines.length = 0;
  await show({ promotion, json: true }, { connection, terminal });
  expect(JSON.parse(lines.join(""))).toMatchObject({ chain: { kind: "broken", entry: 2 } });
});

test("an execution returns how its promotion ended", async () => {
  const world = await startWorld();
  const promotion = await world.start({ ...production, version: "1.4.2", force: true }, "by-hand");
  expect(await world.ending(promotion)).toBe("Refused");
  const [arn = ""] = world.cloud.stepFunctions.executions.arns;
  expect(await world.cloud.stepFunctions.executions.waitFor(arn)).toMatchObject({
    output: JSON.stringify({ promotion, ending: "Refused" }),
  });
  const { connection, terminal, lines } = person(world);
  await history({ ...production, limit: 10, before: undefined }, { connection, terminal });
  expect(lines.join("\n")).toMatch(/1\.4\.2 +Refused[^]*unknown key "force"[^]*show <promotion>/);
});

test("cancel, retry and history tell the same story", async () => {
  const world = await startWorld();
  const promotion = await world.pushRelease("1.4.2");
  await world.asked(promotion);
  const { connection, terminal, lines } = person(world);
  await operate(
    { functionName: "cancel-promotion", payload: { promotion, by: "ada" } },
    { connection, terminal },
  );
  expect(await world.ending(promotion)).toBe("Cancelled");
  await operate(
    { functionName: "retry-promotion", payload: { promotion, requester: "ada" } },
    { connection, terminal },
  );
  expect(await world.approve()).toBe("Promoted");
  lines.length = 0;
  await history({ ...production, limit: 10, before: undefined }, { connection, terminal });
  const text = lines.join("\n");
  expect(text).toMatch(/1\.4\.2 +Promoted [^]*approved by U012AB3CD\n[^]*1\.4\.2 +Cancelled/);
  lines.length = 0;
  await history(
    { ...production, limit: 10, before: undefined, endings: ["Cancelled", "Refused"] },
    { connection, terminal },
  );
  expect(lines.join("\n")).toMatch(/1\.4\.2 +Cancelled/);
  expect(lines.join("\n")).not.toContain("Promoted");
  lines.length = 0;
  await history(
    { ...production, limit: 10, before: undefined, endings: ["Expired"] },
    { connection, terminal },
  );
  expect(lines).toEqual(["no promotion ended here as Expired"]);
  expect(await resolvePromotion("last", "show", connection)).toBe(world.promotions().at(-1));
  expect(await resolvePromotion(promotion.slice(0, 8), "show", connection)).toBe(
    world.promotions().at(-1),
  );
});

test("the history is read page by page", async () => {
  const world = await startWorld({ yaml: withoutApproval });
  for (const version of ["1.4.1", "1.4.2", "1.4.3"]) {
    await world.pushRelease(version);
    expect(await world.ending()).toBe("Promoted");
  }
  const { connection, terminal, lines } = person(world);
  await history({ ...production, limit: 2, before: undefined }, { connection, terminal });
  const before = /--before (.+)/.exec(lines.join("\n"))?.[1];
  expect(lines.join("\n")).toMatch(/1\.4\.3[^]*1\.4\.2/);
  lines.length = 0;
  await history({ ...production, limit: 2, before }, { connection, terminal });
  expect(lines.join("\n")).toContain("1.4.1");
  expect(lines.join("\n")).not.toContain("1.4.2");
});

test.each([
  {
    what: "an unknown promotion",
    call: { functionName: "cancel-promotion", payload: { promotion: "nobody", by: "ada" } },
    exitCode: 2,
    message: "there is no promotion nobody",
  },
  {
    what: "a retry of what has not ended",
    call: { functionName: "retry-promotion", payload: { promotion: "open" } },
    exitCode: 1,
    message: "has not ended yet",
  },
])("$what is told in words, with its exit code", async ({ call, exitCode, message }) => {
  const world = await startWorld();
  world.cloud.ecr.scanner.set({ result: { kind: "never" } });
  await world.pushRelease("1.4.2");
  await world.start({ ...production, version: "1.4.2" }, "open");
  const { connection, terminal } = person(world);
  await expect(operate(call, { connection, terminal })).rejects.toMatchObject({
    name: "CommandError",
    exitCode,
    message: expect.stringContaining(message),
  });
});

test("an operation reaches the functions of the account that promoter.yml names and of no other", async () => {
  const {
    cloud: { origin, stack },
  } = await startWorld();
  const state = {
    origin,
    pid: process.pid,
    region: "eu-west-1",
    stateMachineArn: stack.stateMachines[0]?.arn ?? "",
    stage: "dev",
    real: [],
  };
  await expect(
    localConnection({ ...state, account: "111122223333" }).invoke("show-status", {}),
  ).resolves.toBeDefined();
  await expect(
    localConnection({ ...state, account: "444455556666" }).invoke("show-status", {}),
  ).rejects.toThrow("arn:aws:lambda:eu-west-1:444455556666:function:promoter-dev-show-status");
});

interface Person {
  readonly connection: Connection;
  readonly terminal: Terminal;
  readonly lines: string[];
  /** Resolves with the name of the execution that the person started. */
  readonly started: Promise<string>;
}

function person({ cloud: { origin, stack } }: StoryWorld): Person {
  const lines: string[] = [];
  const { promise: started, resolve } = Promise.withResolvers<string>();
  const terminal: Terminal = {
    line: (text = "") => void lines.push(text),
    error: (text) => void lines.push(text),
    style: (_style, text) => text,
    interactive: false,
  };
  const real = localConnection({
    origin,
    pid: process.pid,
    region: "eu-west-1",
    account: "111122223333",
    stateMachineArn: stack.stateMachines[0]?.arn ?? "",
    stage: "dev",
    real: [],
  });
  const start: Connection["start"] = async (input, name) => {
    await real.start(input, name);
    resolve(name);
  };
  return { terminal, lines, started, connection: { ...real, start } };
}

/** The command looks in real time while virtual time goes on. */
async function followed<Result>(
  world: StoryWorld,
  command: Promise<Result>,
  { started }: Person,
): Promise<Result> {
  await world.ending(await started);
  return command;
}
