import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { terminalOn } from "../../../cli/terminal.ts";
import { virtualScreen } from "./virtual-screen.ts";

describe("what is printed", () => {
  let printed: string;
  let terminal: ReturnType<typeof terminalOn>;
  beforeEach(() => {
    vi.stubEnv("FORCE_COLOR", "1");
    printed = "";
    const stdout = new PassThrough().on("data", (data: Buffer) => {
      printed += data.toString();
    });
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

  it.each([
    ["bold", "1"],
    ["dim", "2"],
    ["red", "31"],
    ["green", "32"],
    ["yellow", "33"],
    ["cyan", "36"],
  ] as const)("keeps our own %s", (style, code) => {
    terminal.line(`a ${terminal.style(style, "b")} c`);
    expect(printed).toContain(`a \u001b[${code}mb\u001b[`);
    expect(printed).not.toContain("\uFFFD");
  });

  it("is harmless inside of our own styles too", () => {
    terminal.line(terminal.style(["bold", "red"], "b\u001b[2J\u001b[32m"));
    expect(printed).toContain("b\uFFFD[2J\uFFFD[32m");
  });
});

async function printedOn(columns: number, text: string): Promise<readonly string[]> {
  const screen = virtualScreen(columns);
  terminalOn({ stdout: screen, stderr: screen }).line(text);
  return screen.rows();
}

describe("on a terminal", () => {
  it("a line that is too long goes on below, a little further in, at a blank", async () => {
    expect(
      await printedOn(
        40,
        "    · exists: orderbook-api a11e4be209f9 is there and all its layers are",
      ),
    ).toEqual([
      "    · exists: orderbook-api",
      "      a11e4be209f9 is there and all its",
      "      layers are",
      "",
    ]);
  });

  it("a command in backticks stands in one row", async () => {
    const again = "`retry p-49805d5f8a3c2b1d0e9f8a7b6c5d4e3f2a1b0c9d-1`";
    expect(await printedOn(80, `    next: fix what is named above, then ${again}, please`)).toEqual(
      ["    next: fix what is named above, then", `      ${again}, please`, ""],
    );
  });

  it("a styled line keeps where it begins", async () => {
    vi.stubEnv("FORCE_COLOR", "1");
    const screen = virtualScreen(40);
    const { line, style } = terminalOn({ stdout: screen, stderr: screen });
    line(style("dim", "    next: `promote orderbook 1.4.2 production` carries it out"));
    vi.unstubAllEnvs();
    expect(await screen.rows()).toEqual([
      "    next: `promote orderbook 1.4.2",
      "      production` carries it out",
      "",
    ]);
  });

  it.each([40, 80, 120])(
    "of %i columns no row is broken in a word, and wide characters count twice",
    async (columns) => {
      const words = "発注 書 e\u0301e\u0301e\u0301 deployment orderbook/orderbook-api "
        .repeat(12)
        .trim();
      const rows = await printedOn(columns, `  ${words}`);
      expect(
        rows
          .join(" ")
          .split(/ +/)
          .filter((word) => word !== ""),
      ).toEqual(words.normalize().split(" "));
      expect(rows.length).toBeGreaterThan(600 / columns);
    },
  );

  it("what people copy is left as it is, and an address is never broken by us", async () => {
    const command = `kubectl --server http://127.0.0.1:4510/_kubernetes/orderbook-prod get pods --all-namespaces`;
    const screen = virtualScreen(40);
    const { line } = terminalOn({ stdout: screen, stderr: screen });
    line(command, "as it is");
    line("at http://127.0.0.1:4510/_kubernetes/orderbook-prod/namespaces");
    expect(await screen.lines()).toEqual([
      command,
      "at",
      "  http://127.0.0.1:4510/_kubernetes/orderbook-prod/namespaces",
      "",
    ]);
  });
});

describe("what goes to a file or a program", () => {
  it("has neither colours nor line breaks of ours, and with NO_COLOR a terminal has no colours either", () => {
    vi.stubEnv("FORCE_COLOR", undefined);
    let text = "";
    const stdout = new PassThrough().on("data", (data: Buffer) => {
      text += data.toString();
    });
    const { line, style } = terminalOn({ stdout, stderr: stdout });
    line(style("red", "long ".repeat(60)));
    expect(text).toBe(`${"long ".repeat(60)}\n`);
    vi.stubEnv("NO_COLOR", "1");
    expect(terminalOn({ stdout: virtualScreen(80), stderr: stdout }).style("red", "a")).toBe("a");
    vi.unstubAllEnvs();
  });
});
