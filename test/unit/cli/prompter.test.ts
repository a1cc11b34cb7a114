import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createPrompter, type Prompter } from "../../../cli/show/prompter.ts";
import { terminalOn } from "../../../cli/terminal.ts";
import { virtualScreen, type VirtualScreen } from "./virtual-screen.ts";

describe("the question in the terminal", () => {
  let input: PassThrough;
  let screen: VirtualScreen;
  let interrupts: number;
  let prompter: Prompter;
  const never = new AbortController().signal;
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(() => {
    input = new PassThrough();
    screen = virtualScreen(80);
    interrupts = 0;
    prompter = createPrompter({
      terminal: { ...terminalOn({ stdout: screen, stderr: screen }), interactive: true },
      input,
      output: screen,
      onInterrupt: () => {
        interrupts += 1;
      },
    });
    onTestFinished(() => prompter.close());
  });

  it.each([
    ["y", "y"],
    ["yes", "y"],
    [" Y ", "y"],
    ["n", "n"],
    ["NO", "n"],
  ])("takes %j as %s", async (typed, choice) => {
    const answer = prompter.ask(() => "Approve? ", never);
    await type(`${typed}\n`);
    expect(await answer).toBe(choice);
  });

  it.each(["", "maybe", "yn", "0"])("takes %j as no answer and asks again", async (typed) => {
    const answer = prompter.ask(() => "Approve? ", never);
    await type(`${typed}\n`);
    expect((await screen.rows()).join("\n")).toMatch(/Please answer y or n\.\nApprove\?/);
    await type("n\n");
    expect(await answer).toBe("n");
  });

  it("gives one answer to one question, the oldest first", async () => {
    const staging = prompter.ask(() => "staging? ", never);
    const production = prompter.ask(() => "production? ", never);
    await type("y\n");
    expect(await staging).toBe("y");
    expect(await screen.rows()).toEqual(["staging? y", "production?"]);
    await type("n\n");
    expect(await production).toBe("n");
  });

  it("takes a question back, and a late answer counts for nothing", async () => {
    const stop = new AbortController();
    const answer = prompter.ask(() => "Approve? ", stop.signal);
    stop.abort();
    expect(await answer).toBeUndefined();
    await type("y\n");
    const next = prompter.ask(() => "next? ", never);
    await type("n\n");
    expect(await next).toBe("n");
  });

  it("takes back a question that waits for its turn without touching the one that is open", async () => {
    const stop = new AbortController();
    const first = prompter.ask(() => "first? ", never);
    const second = prompter.ask(() => "second? ", stop.signal);
    stop.abort();
    expect(await second).toBeUndefined();
    await type("y\n");
    expect(await first).toBe("y");
  });

  it("prints above the open question, which is shown again with what was typed so far, and once", async () => {
    void prompter.ask(() => "Approve? ", never);
    prompter.terminal.line("a pod is ready");
    await type("maybe");
    prompter.terminal.line("another one");
    prompter.terminal.error("and a fault");
    expect(await screen.rows()).toEqual([
      "a pod is ready",
      "another one",
      "and a fault",
      "Approve? maybe",
    ]);
    await type("\u007f\u007f\u007f\u007f\u007fy\n");
    expect(await screen.rows()).toEqual([
      "a pod is ready",
      "another one",
      "and a fault",
      "Approve? y",
      "",
    ]);
  });

  it("counts down while it waits", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const counting = createPrompter({
      terminal: prompter.terminal,
      input: new PassThrough(),
      output: screen,
      onInterrupt: () => undefined,
    });
    let left = 3;
    void counting.ask(() => `${left} left `, never);
    left = 2;
    vi.advanceTimersByTime(1_000);
    expect(await screen.rows()).toEqual(["2 left"]);
    counting.close();
  });

  it("is interrupted by Ctrl-C", async () => {
    void prompter.ask(() => "Approve? ", never);
    await type("\u0003");
    expect(interrupts).toBe(1);
  });

  it("says where to answer once the input has ended, and waits for no answer to what comes later", async () => {
    const answer = prompter.ask(() => "Approve? ", never);
    input.end();
    expect(await answer).toBeUndefined();
    expect((await screen.rows()).join("\n")).toContain("answer in Slack");
    expect(await prompter.ask(() => "again? (or at http://slack) ", never)).toBeUndefined();
    expect((await screen.rows()).at(-2)).toBe(
      "again? (or at http://slack) It can no longer be answered here.",
    );
    expect(interrupts).toBe(0);
  });
});

describe.each([40, 80, 120])("in a terminal of %i columns", (columns) => {
  const address = "http://127.0.0.1:4510/_slack/";
  const question = `  Answer here, or at ${address}. Time left: 23h 59m.\n  Approve orderbook 1.4.2 to production as U012AB3CD? (y/n, and then the Enter key, at this very terminal) `;
  const printed = [
    "  12:00:00  VerifyImages         verified       92ms",
    "  · exists: orderbook-api a11e4be209f9 is there, and so are all of its layers, its configuration and its children",
    "\u001b[33mwait\u001b[39m  orderbook 1.4.2",
    "",
    "  発注書 の イメージ は とても 長い 名前 を 持って います から 折り返されます",
    "e\u0301 combining e\u0301 ".repeat(9),
    "👩‍👩‍👧‍👦 ".repeat(30),
    "x".repeat(columns),
    "y".repeat(columns * 2 + 1),
  ];

  it("nothing that was printed is erased, and the question stands once below it, whatever comes between", async () => {
    const screen = virtualScreen(columns);
    const input = new PassThrough();
    const plain = terminalOn({ stdout: screen, stderr: screen });
    const prompter = createPrompter({
      terminal: { ...plain, interactive: true },
      input,
      output: screen,
      onInterrupt: () => undefined,
    });
    const alone = virtualScreen(columns);
    const expected = terminalOn({ stdout: alone, stderr: alone });
    void prompter.ask(() => question, new AbortController().signal);
    for (let round = 0; round < 30; round += 1) {
      const line = `${round} ${printed[round % printed.length]}`;
      expected.line(line);
      prompter.terminal.line(line);
      input.write("z");
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [shown, wanted] = [await screen.rows(), await alone.rows()];
    expect(shown.slice(0, wanted.length - 1)).toEqual(wanted.slice(0, -1));
    const below = shown.slice(wanted.length - 1);
    expect(below.join("").replaceAll(" ", "")).toBe(
      `${question}${"z".repeat(30)}`.replaceAll(/\s/g, ""),
    );
    expect(Math.max(...below.map((row) => row.length))).toBeLessThan(columns);
    prompter.close();
  });

  it("nothing that was printed is erased when it becomes narrower and wider meanwhile", async () => {
    const screen = virtualScreen(columns);
    const prompter = createPrompter({
      terminal: { ...terminalOn({ stdout: screen, stderr: screen }), interactive: true },
      input: new PassThrough(),
      output: screen,
      onInterrupt: () => undefined,
    });
    void prompter.ask(() => question, new AbortController().signal);
    for (const [round, next] of [columns - 15, columns + 40, 25, 60, columns, 33, 200].entries()) {
      prompter.terminal.line(`line ${round} before`);
      await screen.resize(next);
      prompter.terminal.line(`line ${round} after`);
    }
    const lines = await screen.lines();
    const kept = lines.filter((line) => line.startsWith("line"));
    expect(kept).toEqual(
      Array.from(
        { length: 14 },
        (_, at) => `line ${Math.floor(at / 2)} ${at % 2 === 0 ? "before" : "after"}`,
      ),
    );
    expect(lines.slice(-2).join("\n")).toBe(question.trimEnd());
    prompter.close();
  });
});
