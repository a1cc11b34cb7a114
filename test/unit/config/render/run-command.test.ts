import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runCommand } from "../../../../src/config/render/run-command.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** A program in node, and what comes of running it. */
async function run(script: string, limit?: number): ReturnType<typeof runCommand> {
  await writeFile(join(folder, "p.cjs"), script);
  return runCommand("node p.cjs 'an argument'", {
    folder,
    ...(limit === undefined ? {} : { limit }),
  });
}

const unread = (message: RegExp, remedy: RegExp): object => ({
  file: "output of `node p.cjs 'an argument'`",
  unread: { message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
});

it("what a program prints is read, with its arguments, in the folder, without input", async () => {
  const script = `process.stdin.resume().on("end", () => console.log("a: " + process.argv[2] + " in " + process.cwd()));`;
  expect(await run(script)).toEqual({
    file: "output of `node p.cjs 'an argument'`",
    text: `a: an argument in ${folder}\n`,
  });
});

describe("a program is a fault that", () => {
  it("fails: with its last errors", async () => {
    const errors = Array.from({ length: 9 }, (_, line) => `error ${line}`).join("\\n");
    expect(await run(`console.error("${errors}"); process.exit(3);`)).toEqual(
      unread(/failed with exit code 3: error 4 \| .* \| error 8$/, /run it by hand in \//),
    );
  });

  it("fails in silence", async () => {
    expect(await run("process.exit(1);")).toEqual(
      unread(/failed with exit code 1: it reported no error$/, /by hand/),
    );
  });

  it("kills itself", async () => {
    expect(await run("process.kill(process.pid, 'SIGKILL');")).toEqual(
      unread(/failed with signal SIGKILL/, /by hand/),
    );
  });

  it("does not end, even when it ignores signals and has children", async () => {
    const script = `process.on("SIGTERM", () => {});
      require("node:child_process").spawn("sleep", ["20"], { stdio: "inherit" });
      setInterval(() => {}, 1000);`;
    expect(await run(script, 300)).toEqual(
      unread(/took longer than 300ms and was stopped/, /it gets no input/),
    );
  });

  it("prints without end", async () => {
    const script = `const text = "a".repeat(1 << 20); const on = () => process.stdout.write(text, on); on();`;
    expect(await run(script)).toEqual(unread(/printed more than 8 MiB/, /of this environment/));
  });

  it("prints what is not text", async () => {
    expect(await run("process.stdout.write(Buffer.from([0xff]));")).toEqual(
      unread(/is not UTF-8 text/, /UTF-8/),
    );
  });

  it.each([
    ["kustomize-of-nobody build", /^there is no program kustomize-of-nobody$/, /^install kusto/],
    ["./nowhere.sh", /^there is no program \.\/nowhere\.sh$/, /^create \.\/nowhere\.sh in \//],
  ])("is not there: %s", async (command, message, remedy) => {
    expect(await runCommand(command, { folder })).toMatchObject({
      unread: { message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
    });
  });

  it("is not executable", async () => {
    await writeFile(join(folder, "render.sh"), "#!/bin/sh\n");
    await chmod(join(folder, "render.sh"), 0o644);
    expect(await runCommand("./render.sh", { folder })).toMatchObject({
      unread: {
        message: "./render.sh cannot be run",
        remedy: expect.stringMatching(/chmod \+x \.\/render\.sh/),
      },
    });
  });
});
