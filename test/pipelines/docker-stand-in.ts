#!/usr/bin/env node
// In the place of `docker run <Kaniko's image>`: only what the flags hand over reaches what stands in for Kaniko.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const [verb, ...args] = process.argv.slice(2);
if (verb !== "run") throw new Error(`docker ${verb}: only run is supported`);
const image = args.findIndex((arg) => arg.includes("/kaniko:"));
if (image === -1) throw new Error("no image of Kaniko among the arguments");
const { values } = parseArgs({
  args: args.slice(0, image),
  options: {
    rm: { type: "boolean" },
    env: { type: "string", multiple: true, default: [] },
    volume: { type: "string", multiple: true, default: [] },
  },
});

const handedOver = values.env.map((entry) =>
  entry.includes("=") ? entry.split("=", 2) : [entry, process.env[entry]],
);
const volumes = Object.fromEntries(
  values.volume.map((volume) => volume.split(":").slice(0, 2).toReversed()),
);
const own = Object.entries(process.env).filter(
  ([name]) => name.startsWith("STAND_IN_") || name === "PATH" || name === "HOME",
);
const env = Object.fromEntries([
  ...own,
  ...handedOver,
  ["STAND_IN_VOLUMES", JSON.stringify(volumes)],
]);
const stand = new URL("kaniko-stand-in.ts", import.meta.url).pathname;
process.exitCode =
  spawnSync(process.execPath, [stand, ...args.slice(image + 1)], { stdio: "inherit", env })
    .status ?? 1;
