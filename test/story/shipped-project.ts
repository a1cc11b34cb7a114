import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { onTestFinished, vi } from "vitest";
import type { Keyboard } from "../../cli/show/prompter.ts";
import type { Terminal } from "../../cli/terminal.ts";

export const repository = new URL("../..", import.meta.url).pathname;

/** The shipped project in a folder of its own, so that its state is not that of somebody's cloud. */
export async function projectWith(
  real: string,
  change: (yaml: string) => string = (yaml) => yaml,
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const name of [
    "functions",
    "src",
    "scripts",
    "statemachines",
    "serverless.yml",
    "package.json",
    "node_modules",
  ]) {
    await symlink(join(repository, name), join(root, name));
  }
  await cp(join(repository, "deploy"), join(root, "deploy"), { recursive: true });
  for (const file of ["promoter.yml", "deploy/orderbook/ui.yaml"]) {
    await writeFile(join(root, file), change(await readFile(join(repository, file), "utf8")));
  }
  await writeFile(join(root, "promoter.local.yml"), real);
  return root;
}

export interface Screen {
  readonly terminal: Terminal;
  readonly lines: readonly string[];
  /** The first group of the pattern, once a line has it. */
  until(pattern: RegExp): Promise<string>;
}

export function screen(): Screen {
  const lines: string[] = [];
  const add = (text = ""): void => void lines.push(text);
  return {
    lines,
    terminal: { line: add, error: add, style: (_, text) => text, interactive: true },
    until: (pattern) =>
      vi.waitUntil(
        () => lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined),
        { timeout: 100_000 },
      ),
  };
}

export interface Hands {
  readonly keyboard: Keyboard;
  type(text: string): void;
  /** Once it stands on the screen. */
  asked(question: string): Promise<void>;
}

/** A person at a real terminal, which gives Ctrl-C to whoever reads it. */
export function hands(): Hands {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  let seen = "";
  output.on("data", (data: Buffer) => {
    seen += data.toString();
  });
  return {
    keyboard: { input, output },
    type: (text) => void input.write(text),
    asked: (question) =>
      vi.waitUntil(() => seen.includes(question), { timeout: 100_000 }).then(() => undefined),
  };
}
