import { execFile } from "node:child_process";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bundleFunctions } from "../scripts/stack/bundle-functions.ts";
import { tasks } from "../src/promotion/tasks.ts";
import { root } from "./bench-cloud.ts";
import { median, type Row, type Section } from "./report.ts";

const run = promisify(execFile);
const outdir = ".build/bench";
/** Functions that talk to a cluster carry the Kubernetes client's login. */
function talksToCluster(name: string): boolean {
  const key = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return tasks[key]?.needs.includes("clusters.connect") === true;
}

/**
 * Size of each bundle, and how long a cold process takes to import it; of `only` these functions
 * where they are named.
 */
export async function measureBundles({
  processes,
  only,
}: {
  readonly processes: number;
  readonly only?: readonly string[];
}): Promise<Section> {
  const all = (await readdir(join(root, "functions"))).map((file) => file.replace(/\.ts$/, ""));
  const names = only ? all.filter((name) => only.includes(name)) : all;
  await bundleFunctions({
    root,
    outdir,
    entries: Object.fromEntries(names.map((name) => [name, `functions/${name}.ts`])),
  });
  const rows: Row[] = [];
  for (const name of names) {
    const file = join(root, outdir, name, "index.mjs");
    const [size, time] = boundsOf(name);
    rows.push({
      name: `${name}, minified`,
      value: (await stat(file)).size / 1024,
      unit: "KB",
      bound: size,
      kind: "counted",
    });
    rows.push({
      name: `${name}, import`,
      value: await importTime(file, processes),
      unit: "ms",
      bound: time,
      kind: "timed",
    });
  }
  await rm(join(root, outdir), { recursive: true });
  return { title: "bundles", rows };
}

/** Functions read nothing but their environment when they are imported. */
const environment = {
  AWS_REGION: "eu-west-1",
  PROMOTER_TABLE: "table",
  PROMOTER_STATE_MACHINE_ARN: "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion",
  PROMOTER_SLACK_SECRET: "secret",
  PROMOTER_REGISTRY: "111122223333",
};

async function importTime(file: string, processes: number): Promise<number> {
  const code = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});process.stdout.write(String(performance.now()-t));process.exit(0)`;
  const times: number[] = [];
  for (let index = 0; index < processes; index += 1) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...process.env, ...environment },
    });
    times.push(Number(stdout));
  }
  return median(times);
}

/** KB, and milliseconds: what reads and judges objects carries a reader of YAML. */
function boundsOf(name: string): readonly [size: number, time: number] {
  if (name === "prepare-pod-spec") return [1000, 250];
  return talksToCluster(name) ? [800, 250] : [700, 100];
}
