import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  readLocalState,
  removeLocalState,
  writeLocalState,
  type LocalState,
} from "../../../cli/local-state.ts";

const state = (origin: string): LocalState => ({
  origin,
  pid: 4711,
  account: "111122223333",
  region: "eu-west-1",
  stateMachineArn: "arn",
  stage: "dev",
  real: [],
});

/** Something listens and says which process it is. */
async function listening(answer: string): Promise<string> {
  const server = createServer((request, response) =>
    response.end(request.url === "/_local/process" ? answer : ""),
  ).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("where a running local cloud is found", () => {
  let root: string;
  beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "promoter-"))));
  afterEach(() => rm(root, { recursive: true }));

  it("is what that very process answers for", async () => {
    const running = state(await listening('{"pid":4711}'));
    await writeLocalState(root, running);
    expect(await readLocalState(root)).toEqual(running);
    await removeLocalState(root);
    expect(await readLocalState(root)).toBeUndefined();
  });

  it.each([
    ["another process took its port", '{"pid":1}'],
    ["another program took its port", "<html>"],
  ])("is nowhere when %s", async (_, answer) => {
    await writeLocalState(root, state(await listening(answer)));
    expect(await readLocalState(root)).toBeUndefined();
  });

  it("is nowhere when it was killed", async () => {
    await writeLocalState(root, state("http://127.0.0.1:9"));
    expect(await readLocalState(root)).toBeUndefined();
  });

  it.each(["", "garbage", "{}", "null"])("is nowhere when the file holds %j", async (text) => {
    await mkdir(join(root, ".promoter"));
    await writeFile(join(root, ".promoter/cloud.json"), text);
    expect(await readLocalState(root)).toBeUndefined();
  });
});
