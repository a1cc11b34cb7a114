import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import { createPrompter, type Prompter } from "../../../cli/show/prompter.ts";

describe("the question in the terminal", () => {
  let input: PassThrough;
  let printed: string;
  let interrupts: number;
  let prompter: Prompter;
  const never = new AbortController().signal;
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(() => {
    input = new PassThrough();
    const output = new PassThrough();
    printed = "";
    interrupts = 0;
    output.on("data", (data: Buffer) => { printed += data.toString(); });
    const line = (text = ""): void => void output.write(`${text}\n`);
    prompter = createPrompter({ terminal: { line, error: line, style: (_, text) => text, interactive: true }, input, output, onInterrupt: () => { interrupts += 1; } });
  });

  it.each([["y", "y"], ["yes", "y"], [" Y ", "y"], ["n", "n"], ["NO", "n"]])("takes %j as %s", async (typed, choice) => {
    const answer = prompter.ask("Approve? ", never);
    await type(`${typed}\n`);
    expect(await answer).toBe(choice);
  });

  it.each(["", "maybe", "yn", "0"])("takes %j as no answer and asks again", async (typed) => {
    const answer = prompter.ask("Approve? ", never);
    await type(`${typed}\n`);
    expect(printed).toContain("Please answer y or n. Approve?");
    await type("n\n");
    expect(await answer).toBe("n");
  });

  it("gives one answer to one question, the oldest first", async () => {
    const staging = prompter.ask("staging? ", never);
    const production = prompter.ask("production? ", never);
    await type("y\n");
    expect(await staging).toBe("y");
    expect(printed.endsWith("production? ")).toBe(true);
    await type("n\n");
    expect(await production).toBe("n");
  });

  it("takes a question back, and a late answer counts for nothing", async () => {
    const stop = new AbortController();
    const answer = prompter.ask("Approve? ", stop.signal);
    stop.abort();
    expect(await answer).toBeUndefined();
    await type("y\n");
    const next = prompter.ask("next? ", never);
    await type("n\n");
    expect(await next).toBe("n");
  });

  it("takes back a question that waits for its turn without touching the one that is open", async () => {
    const stop = new AbortController();
    const first = prompter.ask("first? ", never);
    const second = prompter.ask("second? ", stop.signal);
    stop.abort();
    expect(await second).toBeUndefined();
    await type("y\n");
    expect(await first).toBe("y");
  });

  it("prints above the open question, which is shown again", async () => {
    void prompter.ask("Approve? ", never);
    prompter.terminal.line("a pod is ready");
    expect(printed).toMatch(/Approve\? [^]*a pod is ready\nApprove\? $/);
  });

  it("says where to answer once the input has ended, and waits for no answer to what comes later", async () => {
    const answer = prompter.ask("Approve? ", never);
    input.end();
    expect(await answer).toBeUndefined();
    expect(printed).toContain("answer in Slack");
    expect(await prompter.ask("again? (or at http://slack) ", never)).toBeUndefined();
    expect(printed).toMatch(/again\? \(or at http:\/\/slack\) Nobody can answer here any more\.\n$/);
    expect(interrupts).toBe(0);
  });
});
