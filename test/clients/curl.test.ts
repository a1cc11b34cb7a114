import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "@promoter/local-cloud/internal/ecr/digest.ts";
import { describe, expect, it } from "vitest";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld, type ClientWorld } from "./start-client-world.ts";

const content = randomBytes(60_000_000);
const half = content.length / 2;

/** Headers of the answer, with the status as `status`. */
async function ask(
  { run, cloud: { origin, registryCredentials } }: ClientWorld,
  path: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, string>>> {
  const { user, password } = registryCredentials;
  const printed = await run(
    "curl",
    "--silent",
    "--show-error",
    "--user",
    `${user}:${password}`,
    "--dump-header",
    "-",
    "--output",
    "/dev/null",
    ...args,
    new URL(path, origin).href,
  );
  const [statusLine = "", ...lines] = (printed.trim().split("\r\n\r\n").at(-1) ?? "").split("\r\n");
  const headers = lines.map(
    (line) =>
      [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)] as const,
  );
  return { ...Object.fromEntries(headers), status: statusLine.split(" ")[1] ?? "" };
}

const chunk = (file: string, first: number, last: number): readonly string[] => [
  "--request",
  "PATCH",
  "--data-binary",
  `@${file}`,
  "--header",
  "content-type: application/octet-stream",
  "--header",
  `content-range: ${first}-${last}`,
];

describe.skipIf(lacksClient("curl"))("curl", () => {
  it("goes on with a large upload where it was interrupted", async () => {
    const world = await startClientWorld();
    await writeFile(join(world.folder, "first"), content.subarray(0, half));
    await writeFile(join(world.folder, "second"), content.subarray(half));
    const { location = "" } = await ask(
      world,
      "/v2/orderbook-api/blobs/uploads/",
      "--request",
      "POST",
    );
    expect(await ask(world, location, ...chunk("first", 0, half - 1))).toMatchObject({
      range: `0-${half - 1}`,
    });
    expect(await ask(world, location, ...chunk("first", 0, half - 1))).toMatchObject({
      status: "416",
      range: `0-${half - 1}`,
    });
    expect(await ask(world, location)).toMatchObject({ status: "204", range: `0-${half - 1}` });
    await ask(world, location, ...chunk("second", half, content.length - 1));
    expect(
      await ask(world, `${location}?digest=${digestOf(content)}`, "--request", "PUT"),
    ).toMatchObject({ status: "201" });
    expect(
      await ask(world, `/v2/orderbook-api/blobs/${digestOf(content)}`, "--head"),
    ).toMatchObject({ status: "200", "content-length": String(content.length) });
  });
});
