import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandWords } from "../../../../src/config/render/command-words.ts";

describe("a command is split as a shell splits it:", () => {
  it.each<readonly [string, readonly string[]]>([
    ["kustomize build overlays/production", ["kustomize", "build", "overlays/production"]],
    ["  helm  template\tx ", ["helm", "template", "x"]],
    ["helm template --set 'a={b, c}'", ["helm", "template", "--set", "a={b, c}"]],
    [`jsonnet -V "name=a b" 'it'"'"s`, ["jsonnet", "-V", "name=a b", "it's"]],
    [String.raw`a b\ c \$HOME "\$ \" \\ \n"`, ["a", "b c", "$HOME", String.raw`$ " \ \n`]],
    [`a '' "" b`, ["a", "", "", "b"]],
    ["a \\\n  b", ["a", "b"]],
    ["a 'x|y' \"x;y>z\"", ["a", "x|y", "x;y>z"]],
    ["a b#c d~e --x=~", ["a", "b#c", "d~e", "--x=~"]],
  ])("%s", (command, words) => {
    expect(commandWords(command)).toEqual({ kind: "words", words });
    const shell = execFileSync("sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" });
    expect(shell.split("\0").slice(0, -1)).toEqual(words);
  });

  it("whatever it is: one that is taken has the words that a shell makes of it", () => {
    const character = fc.constantFrom(..."ab'\"\\ \t|&;<>()$`*?[]{}~#=!-%,.\n".split(""));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (characters) => {
        const command = `x ${characters.join("")}`;
        const split = commandWords(command);
        if (split.kind === "unsupported") return;
        const shell = execFileSync("sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" });
        expect(shell.split("\0").slice(0, -1)).toEqual(split.words);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what only a shell does is named:", () => {
  it.each([
    ["helm template . | yq .", "the character |"],
    ["a && b", "the character &"],
    ["a; b", "the character ;"],
    ["a > out.yaml", "the character >"],
    ["a < in.yaml", "the character <"],
    ["a $HOME", "the character $"],
    ['a "$HOME"', "the character $"],
    ["a `b`", "the character `"],
    ['a "`b`"', "the character `"],
    ["cat *.yaml", "the character *"],
    ["cat ?.yaml", "the character ?"],
    ["cat [ab].yaml", "the character ["],
    ["(a)", "the character ("],
    ["cat ~/x", "the character ~"],
    ["a # b", "the character #"],
    ["a 'b", "a quote ' that is not closed"],
    ['a "b', 'a quote " that is not closed'],
    ["a b\\", "a \\ at the end"],
    ["A=b kustomize build", "a variable, A=b"],
    ["a\nb", "a line break"],
    ["", "no program"],
  ])("%s", (command, what) => {
    expect(commandWords(command)).toEqual({ kind: "unsupported", what });
  });
});
