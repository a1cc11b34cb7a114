import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

/** In a process of its own: what is parsed is the command line, what is told the exit code. */
function promoter(...args: readonly string[]): {
  readonly status: number | null;
  readonly stderr: string;
  readonly stdout: string;
} {
  return spawnSync(
    process.execPath,
    [join(import.meta.dirname, "../../../cli/index.ts"), ...args],
    { encoding: "utf8", cwd: import.meta.dirname },
  );
}

it.each([
  [["--json", "promote", "orderbook"], "missing required argument 'version'"],
  [["--json"], "no command given; `--help` lists them"],
])("%j is told to a program as an error, without the help for people", (args, message) => {
  const { status, stderr, stdout } = promoter(...args);
  expect(JSON.parse(stderr)).toEqual({ error: expect.stringContaining(message) });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

it("people get the help with it", () => {
  const { status, stderr } = promoter("promote", "orderbook");
  expect(stderr).toMatch(/^error: missing required argument 'version'\n\nUsage: promoter promote /);
  expect(status).toBe(2);
});

it.each([
  ["show", ""],
  ["cancel", "p-1#2"],
])("%s %j says what a promotion is called", (command, name) => {
  const { status, stderr } = promoter("--json", command, name);
  expect(JSON.parse(stderr)).toEqual({
    error: expect.stringMatching(
      /is invalid for argument 'promotion'\. `status` and `history` print the names of promotions: p-… after a push, m-… by hand\.$/,
    ),
  });
  expect(status).toBe(2);
});

it.each([
  [["promote", "", "1", "production"], "application", "It must not be empty"],
  [
    ["promote", "orderbook", "1.4.3 ", "production"],
    "version",
    "It may contain only letters, digits, dots, dashes and underscores",
  ],
  [["status", ""], "application", "It must not be empty"],
])("%j says what is wrong with the name before anything is asked", (args, argument, why) => {
  const { status, stderr } = promoter("--json", ...args);
  expect(JSON.parse(stderr)).toEqual({
    error: expect.stringContaining(`is invalid for argument '${argument}'. ${why}`),
  });
  expect(status).toBe(2);
});

it("a missing configuration is reported, whatever the command", () => {
  const { status, stderr } = promoter("--config", "nope.yml", "status");
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^nope\.yml: .*--config/),
  });
});

it("render prints the objects of an environment as they would be packaged, for people and programs", () => {
  const config = join(import.meta.dirname, "../../../promoter.yml");
  const [text, json] = [[], ["--json"]].map((format) =>
    promoter("--config", config, ...format, "render", "orderbook", "production"),
  );
  expect(text?.stdout).toMatch(
    /^apiVersion: v1\nkind: ConfigMap\n[^]*\n---\n[^]*namespace: orderbook\n/,
  );
  const kinds = (JSON.parse(json?.stdout ?? "") as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds).toContain("Deployment");
});

it("render says which environments there are", () => {
  const config = join(import.meta.dirname, "../../../promoter.yml");
  const { status, stderr } = promoter("--config", config, "--json", "render", "orderbook", "test");
  expect(JSON.parse(stderr)).toEqual({
    error: expect.stringMatching(/^orderbook has no environment "test"; it has .*production/),
  });
  expect(status).toBe(2);
});
