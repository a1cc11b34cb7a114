import { expect, it, onTestFinished, vi } from "vitest";
import { terminalOn, type Terminal } from "../../../cli/terminal.ts";
import { waitingView } from "../../../cli/waiting-view.ts";
import { virtualScreen, type VirtualScreen } from "./virtual-screen.ts";

const start = Date.UTC(2026, 0, 5, 9, 0, 0);
const vote = { kind: "vote" as const, what: "a vote of U012AB3CD", until: start + 3_600_000 };

function on(screen: VirtualScreen): Terminal {
  vi.useFakeTimers({ now: start, toFake: ["Date", "setInterval", "clearInterval"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return { ...terminalOn({ stdout: screen, stderr: screen }), interactive: true, screen };
}

it.each([40, 80, 120])(
  "counts down below what is printed, at %i columns, and says that Ctrl-C only stops following",
  async (columns) => {
    const screen = virtualScreen(columns);
    const view = waitingView(on(screen));
    view.set(vote);
    vi.advanceTimersByTime(5_000);
    view.terminal.line("  12:00:00  CheckRollout complete");
    expect((await screen.rows()).join(" ").replaceAll(/ +/g, " ")).toBe(
      " 12:00:00 CheckRollout complete waits for a vote of U012AB3CD, until 2026-01-05 10:00:00 UTC (in 59m 55s) Ctrl-C only stops following: the promotion continues.",
    );
    view.set(undefined);
    view.close();
    expect(await screen.rows()).toEqual(["  12:00:00  CheckRollout complete", ""]);
  },
);

it("is printed once where nothing can stand below", () => {
  const lines: string[] = [];
  const view = waitingView({
    line: (text = "") => void lines.push(text),
    error: () => undefined,
    style: (_, text) => text,
    interactive: false,
  });
  for (const waitsFor of [vote, vote, undefined, vote]) view.set(waitsFor);
  expect(lines).toEqual(
    Array.from(
      { length: 2 },
      () =>
        expect.stringMatching(
          /^ {2}waits for a vote of U012AB3CD, until 2026-01-05 10:00:00 UTC \(.*\)\. Ctrl-C only stops following/,
        ) as string,
    ),
  );
});
