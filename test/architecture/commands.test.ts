import { describe, expect, it } from "vitest";
import {
  cancelCommand,
  promoteCommand,
  resumeCommand,
  retryCommand,
  showCommand,
} from "../../src/domain/command-line.ts";
import { sourceFiles } from "./source-tree.ts";

/**
 * Commands that take arguments: a message that names one without them leaves it to the reader to
 * find out which promotion is meant.
 */
const withArguments = /\\?`(?:promote|plan|retry|cancel|resume|show|history)(?: --[a-z-]+)?\\?`/g;

describe("a message", () => {
  it("names commands whole, so that they can be typed as they stand", () => {
    const files = sourceFiles("src");
    const cut = files.flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const isCode = !/^\s*(?:\/\*\*|\*|\/\/)/.test(line);
        return isCode && line.match(withArguments) ? [`${path}:${index + 1} ${line.trim()}`] : [];
      }),
    );
    expect(cut).toEqual([]);
  });

  it("writes them as the command line takes them", () => {
    const key = { application: "shop", environment: "production" };
    expect([
      promoteCommand({ ...key, version: "1.4.2" }),
      retryCommand("p-1"),
      cancelCommand("p-1"),
      showCommand("p-1"),
      resumeCommand(key),
      resumeCommand(key, "--settled"),
    ]).toEqual([
      "`promote shop 1.4.2 production`",
      "`retry p-1`",
      "`cancel p-1`",
      "`show p-1`",
      "`resume shop production`",
      "`resume shop production --settled`",
    ]);
  });
});
