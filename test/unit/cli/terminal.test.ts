import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { terminalOn } from "../../../cli/terminal.ts";

describe("what is printed", () => {
  let printed: string;
  let terminal: ReturnType<typeof terminalOn>;
  beforeEach(() => {
    vi.stubEnv("FORCE_COLOR", "1");
    printed = "";
    const stdout = new PassThrough().on("data", (data: Buffer) => { printed += data.toString(); });
    terminal = terminalOn({ stdout, stderr: stdout });
  });
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ["clears no screen", "web: \u001b[2J", "web: \uFFFD[2J\n"],
    ["hides nothing", "\u001b[8mweb", "\uFFFD[8mweb\n"],
    ["sets no title", "\u001b]0;root\u0007", "\uFFFD]0;root\uFFFD\n"],
    ["keeps its line breaks", "one\ntwo", "one\ntwo\n"],
  ])("%s, whoever wrote it", (_, text, shown) => {
    terminal.line(text);
    terminal.error(text);
    expect(printed).toBe(shown + shown);
  });

  it.each([["bold", "1"], ["dim", "2"], ["red", "31"], ["green", "32"], ["yellow", "33"], ["cyan", "36"]] as const)("keeps our own %s", (style, code) => {
    terminal.line(`a ${terminal.style(style, "b")} c`);
    expect(printed).toContain(`a \u001b[${code}mb\u001b[`);
    expect(printed).not.toContain("\uFFFD");
  });

  it("is harmless inside of our own styles too", () => {
    terminal.line(terminal.style(["bold", "red"], "b\u001b[2J\u001b[32m"));
    expect(printed).toContain("b\uFFFD[2J\uFFFD[32m");
  });
});
