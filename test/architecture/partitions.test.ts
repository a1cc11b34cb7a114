import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { productFiles, root } from "./source-tree.ts";

/** An ARN or a host name of the partition `aws` that is written out holds in no other one. */
it("no ARN and no service host of one partition stands in what is shipped", () => {
  const written = /arn:aws:|[\w}]\.amazonaws\.com(?!\/doc)/;
  const code = productFiles("src", "functions", "local", "scripts", "cli").map(({ path }) => path);
  const strays = [...code, "serverless.yml", "statemachines/promotion.asl.yml"].flatMap((path) => {
    const lines = readFileSync(join(root, path), "utf8").split("\n");
    return lines.flatMap((line, index) =>
      written.test(line) && !exempt.test(line) && !isComment(line)
        ? [`${path}:${index + 1}: ${line.trim()}`]
        : [],
    );
  });
  expect(strays).toEqual([]);
});

/**
 * Service principals have one name everywhere (AWS CDK, feature flag
 * `standardizedServicePrincipals`); names within protocols are no hosts.
 */
const exempt =
  /(?:lambda|states|events)\.amazonaws\.com\b|service="ecr\.amazonaws\.com"|com\.amazonaws\.|dnsSuffix: "amazonaws\.com"/;

function isComment(line: string): boolean {
  return /^\s*(?:\/?\*|\/\/|#)/.test(line);
}
