import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withoutApproval, type ProjectFiles } from "./shop.ts";
import { startWorld } from "./start-world.ts";

const root = new URL("../..", import.meta.url).pathname;

test.each([
  ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
])(
  "a release is promoted in %s, whose ARNs begin with arn:%s",
  async (region, partition, suffix) => {
    const world = await startWorld({ files: shippedIn(region, suffix) });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
    const {
      stateMachines: [machine],
      functions,
      queues,
    } = world.cloud.stack;
    const arns = [
      machine?.arn,
      machine?.roleArn,
      ...functions.map(({ arn }) => arn),
      ...queues.map(({ arn }) => arn),
    ];
    expect(arns.filter((arn) => !arn?.startsWith(`arn:${partition}:`))).toEqual([]);
    expect(machine?.definition).toContain(`"arn:${partition}:states:::lambda:invoke"`);
  },
);

/** The shipped project, with its registry and clusters there. */
function shippedIn(region: string, suffix: string): ProjectFiles {
  const files = ["promoter.yml", ...globSync("deploy/**/*.yaml", { cwd: root })];
  const moved = (text: string): string =>
    text
      .replaceAll("eu-west-1.amazonaws.com", `${region}.${suffix}`)
      .replaceAll("eu-west-1", region);
  return Object.fromEntries(
    files.map((file) => [file, withoutApproval(moved(readFileSync(join(root, file), "utf8")))]),
  );
}
