import { execFile } from "node:child_process";
import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { runShow, type ShowOptions } from "../../cli/show/run-show.ts";
import {
  hands,
  projectWith,
  repository,
  screen,
  type Hands,
  type Screen,
} from "./shipped-project.ts";

/** In real time, with thousands of requests: a busy machine may need longer. */
vi.setConfig({ testTimeout: 120_000 });

test("a person sees the release pushed, checked and planned, answers y, and sees it promoted", async () => {
  const shown = screen();
  const person = hands();
  const root = await projectWith("");
  const show = runShow({ ...options, root, keyboard: person.keyboard }, shown.terminal);
  await person.asked("Approve orderbook 1.4.2 to production as U012AB3CD? (y/n");
  expect(JSON.parse(await readFile(stateFile(root), "utf8"))).toMatchObject({
    origin: originOf(shown),
    pid: process.pid,
    real: [],
  });
  person.type("y\n");
  expect(await show).toEqual({
    endings: [{ ...release, ending: "Promoted" }],
    lost: [],
    open: [],
    interrupted: undefined,
    unpromotable: [],
  });
  expect(shown.lines.filter((line) => line.startsWith("push"))).toEqual([
    expect.stringMatching(/^push {2}orderbook-api:dev-1\.4\.2 {2}[0-9a-f]{12} {2}\(1 platform\)$/),
    expect.stringMatching(/^push {2}orderbook-ui:dev-1\.4\.2 {2}[0-9a-f]{12} {2}\(2 platforms\)$/),
  ]);
  expect(shown.lines).toContain("  U012AB3CD pressed Approve");
  expect(steps(shown)).toContain("OnSlackAction counted");
  // A scan may take a moment longer than the push.
  expect(
    steps(shown).filter((step) => step !== "OnSlackAction counted" && step !== "VerifyImages wait"),
  ).toEqual([
    "ResolveRelease resolved",
    "VerifyImages verified",
    "CheckProductionTags checked",
    "PreparePodSpec prepared",
    "EnterEnvironment ask",
    "RequestApproval asked",
    "DecideApproval approved",
    "VerifyImages verified",
    "CheckProductionTags checked",
    "PreparePodSpec prepared",
    "EnterEnvironment approved",
    "BeginWriting writing",
    "RetagImages tagged",
    "DeployPodSpec deployed",
    "CheckRollout complete",
    "MoveMovingTags Promoted",
    "ClosePromotion Promoted",
    "Announce Promoted",
  ]);
  expect(shown.lines.join("\n")).toMatch(
    new RegExp(
      [
        String.raw`Plan [0-9a-f]{12} {2}orderbook \(nothing\) -> 1\.4\.2 {2}to production`,
        String.raw`orderbook-api +[0-9a-f]{12} {2}\+ prod-1\.4\.2, prod\n`,
        String.raw`create {2}Deployment orderbook/orderbook-ui`,
        String.raw`orderbook-ui:prod-1\.4\.2 written`,
        String.raw`pod orderbook-api-\S+ {2}Ready`,
        String.raw`Promoted {2}orderbook 1\.4\.2 to production in `,
        String.raw`orderbook-ui:prod moved`,
      ].join("[^]*"),
    ),
  );
  await expect(access(stateFile(root))).rejects.toThrow("ENOENT");
});

test("a person answers n, and nothing is written", async () => {
  const shown = screen();
  const person = hands();
  const root = await projectWith("");
  const show = runShow({ ...options, root, keyboard: person.keyboard }, shown.terminal);
  await person.asked("Approve orderbook 1.4.2");
  person.type("n\n");
  expect(await show).toEqual({
    endings: [{ ...release, ending: "Rejected" }],
    lost: [],
    open: [],
    interrupted: undefined,
    unpromotable: [],
  });
  expect(shown.lines.join("\n")).toMatch(
    /U012AB3CD pressed Reject\n[^]*Rejected {2}orderbook 1\.4\.2 to production in /,
  );
  expect(steps(shown).filter((step) => /^(RetagImages|DeployPodSpec)/.test(step))).toEqual([]);
});

test.each([
  ["a signal while it pushes", true, /^(push) /, () => process.emit("SIGINT", "SIGINT"), "SIGINT"],
  [
    "Ctrl-C at its keyboard while it stays up",
    false,
    /(The cloud stays up)/,
    (person: Hands) => person.type("\u0003"),
    undefined,
  ],
] as const)(
  "%s ends it: the port is free again, and it can no longer be found",
  async (_, push, moment, stop, interrupted) => {
    const shown = screen();
    const person = hands();
    const root = await projectWith("");
    const show = runShow(
      { ...options, root, keyboard: person.keyboard, push, once: push },
      shown.terminal,
    );
    await shown.until(moment);
    await access(stateFile(root));
    stop(person);
    expect(await show).toEqual({
      endings: [],
      lost: [],
      open: push ? [release] : [],
      interrupted,
      unpromotable: [],
    });
    await expect(access(stateFile(root))).rejects.toThrow("ENOENT");
    const server = createServer().listen(Number(new URL(originOf(shown)).port), "127.0.0.1");
    await once(server, "listening");
    server.close();
  },
);

test("npm start -- --once without a terminal approves by itself, and exits with 1 when a promotion was taken back", async () => {
  const root = await projectWith("", (yaml) => yaml.replace("rollout: 10m", "rollout: 2s"));
  const child = execFile(
    process.execPath,
    [join(repository, "cli/start.ts"), "--once", "--port", "0"],
    { cwd: root },
  );
  let text = "";
  child.stdout?.on("data", (data: string) => {
    text += data;
  });
  onTestFinished(() => void child.kill());
  const exited = once(child, "exit");
  const origin = await vi.waitUntil(() => /runs at (\S+)/.exec(text)?.[1], { timeout: 100_000 });
  await fetch(`${origin}/_local/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "never-ready", image: "orderbook-ui" }),
  });
  expect(await exited).toEqual([1, null]);
  expect(text).toMatch(/U012AB3CD pressed Approve \(--yes\)[^]*RolledBack {2}orderbook 1\.4\.2/);
});

const release = { application: "orderbook", environment: "production", version: "1.4.2" };
const options: Omit<ShowOptions, "keyboard"> = {
  root: "",
  config: "promoter.yml",
  real: undefined,
  env: {},
  port: 0,
  once: true,
  push: true,
  yes: false,
  packaged: false,
  verbose: true,
};

function stateFile(root: string): string {
  return join(root, ".promoter/cloud.json");
}

function originOf({ lines }: Screen): string {
  return /http:\/\/\S+/.exec(lines.join("\n"))?.[0] ?? "";
}

/**
 * Step and outcome; a click stands before or after what it woke. Without the looks at a rollout
 * that goes on.
 */
function steps({ lines }: Screen): readonly string[] {
  return lines.flatMap((line) => {
    const [, step, outcome] = /^ {2}\d\d:\d\d:\d\d {2}(\w+) +(\w+)/.exec(line) ?? [];
    return step === undefined || outcome === "progressing" ? [] : [`${step} ${outcome}`];
  });
}
