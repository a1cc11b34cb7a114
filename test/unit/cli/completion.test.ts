import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { describe, expect, it, onTestFinished } from "vitest";
import { complete, type WordSources } from "../../../cli/commands/complete.ts";
import { completionScripts, shells } from "../../../cli/completion-scripts.ts";

const sources: WordSources = {
  applications: () => Promise.resolve(["orderbook", "shop"]),
  environments: (application) =>
    Promise.resolve(application === "orderbook" ? ["production", "staging"] : []),
  promotions: () => Promise.resolve(["p-abc-1", "m-def"]),
};

function program(): Command {
  const root = new Command("promoter")
    .option("-v, --verbose", "")
    .option("--stage <stage>", "", "dev");
  root.command("show").argument("<promotion>");
  root.command("status").argument("[application]");
  root
    .command("history")
    .argument("<application>")
    .argument("<environment>")
    .option("--limit <n>", "")
    .addOption(new Option("--ending <ending>", "").choices(["Promoted", "Refused"]));
  root.command("complete").argument("[words...]");
  return root;
}

describe("what may come next", () => {
  it.each<[readonly string[], readonly string[]]>([
    [[""], ["show", "status", "history"]],
    [["st"], ["status"]],
    [["--stage", "prod", "sho"], ["show"]],
    [
      ["show", ""],
      ["last", "p-abc-1", "m-def"],
    ],
    [["show", "p"], ["p-abc-1"]],
    [
      ["history", ""],
      ["orderbook", "shop"],
    ],
    [
      ["history", "orderbook", ""],
      ["production", "staging"],
    ],
    [["-v", "history", "--limit", "5", "orderbook", "s"], ["staging"]],
    [["history", "orderbook", "production", "--ending", "R"], ["Refused"]],
    [
      ["history", "--"],
      ["--limit", "--ending", "--verbose", "--stage"],
    ],
    [["history", "--limit", ""], []],
    [["history", "orderbook", "production", "--ending=R"], ["--ending=Refused"]],
    [
      ["history", "--limit=", ""],
      ["orderbook", "shop"],
    ],
    [["history", "--nothing=R"], []],
    [["--ending=R"], []],
    [["history", "--ending", "=", "R"], ["Refused"]],
    [
      ["history", "--ending", "="],
      ["Promoted", "Refused"],
    ],
    [["history", "--ending", "=", "Refused", "o"], ["orderbook"]],
    [["history", "--ending=Refused", "o"], ["orderbook"]],
    [["history", "orderbook", "production", ""], []],
    [["status", "unknown", ""], []],
  ])("after %j is %j", async (words, expected) => {
    expect(await complete(program(), words, sources)).toEqual(expected);
  });
});

it.each<readonly [readonly string[], string]>([
  [["--stage", "prod", "status", ""], "prod"],
  [["-v", "--stage=prod", "status", ""], "prod"],
  [["--stage", "=", "prod", "history", ""], "prod"],
  [["status", "--stage", "prod", ""], "prod"],
  [["status", ""], "dev"],
])("names after %j are those of stage %s", async (words, stage) => {
  const root = program();
  const named = { ...sources, applications: () => Promise.resolve([root.opts()["stage"]]) };
  expect(await complete(root, words, named)).toEqual([stage]);
});

/** What each shell is asked for, and the words that it was given by a promoter that knows two. */
const uses = {
  bash: {
    args: ["--norc", "-c"],
    code: "COMP_WORDS=(promoter sta); COMP_CWORD=1; _promoter; printf '%s\\n' \"${COMPREPLY[@]}\"",
  },
  zsh: {
    args: ["-f", "-c"],
    code: 'words=(promoter sta); CURRENT=2; compadd() { shift; print -l -- "$@"; }; _promoter',
  },
  fish: { args: ["--no-config", "-c"], code: "complete -C 'promoter sta'" },
} as const;

describe("the scripts", () => {
  it.each(shells)("%s runs its own", async (shell) => {
    const { args, code } = uses[shell];
    if (spawnSync(shell, ["--version"]).error) {
      return console.warn(`${shell} is not on this machine, so its completion was not tried`);
    }
    const folder = await mkdtemp(join(tmpdir(), "promoter-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(
      join(folder, "promoter"),
      "#!/bin/sh\n[ \"$*\" = 'complete -- sta' ] && printf 'status\\nstations\\n'\n",
      { mode: 0o755 },
    );
    await writeFile(
      join(folder, "script"),
      `${shell === "zsh" ? "compdef() { :; }\n" : ""}${completionScripts[shell]}`,
    );
    const { stdout, stderr } = spawnSync(
      shell,
      [...args, `source ${join(folder, "script")}\n${code}`],
      { encoding: "utf8", env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` } },
    );
    expect({ words: stdout.trim().split("\n"), stderr }).toEqual({
      words: expect.arrayContaining(["status", "stations"]),
      stderr: "",
    });
  });
});
