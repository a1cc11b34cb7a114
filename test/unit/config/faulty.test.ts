import { join } from "node:path";
import { expect, it, describe } from "vitest";
import type { Fault } from "../../../src/config/fault.ts";
import { formatFaults } from "../../../src/config/format-faults.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";

const root = join(import.meta.dirname, "../../fixtures/config/faulty");

async function faults(): Promise<readonly Fault[]> {
  const loaded = await loadConfiguration({ root, config: "promoter.yml" });
  if (loaded.kind === "ok") throw new Error("the fixture is full of faults");
  return loaded.faults;
}

/** Each line of the fixture, read by a person: line, column and what is wrong there. */
const expected = `
promoter.yml:1:22 account
promoter.yml:1:55 mirror
promoter.yml:4:16 EKS cluster
promoter.yml:7:3 "Lost" is not a valid name
promoter.yml:7:9 context is missing
promoter.yml:8:8 context is missing
promoter.yml:8:10 contxt
promoter.yml:12:43 Orderbook_UI
promoter.yml:12:57 listed twice
promoter.yml:13:20 dev-version
promoter.yml:13:42 semvar
promoter.yml:13:58 2 minutes
promoter.yml:14:5 enviroments
promoter.yml:17:16 comes after itself
promoter.yml:18:53 never moved
promoter.yml:20:29 critical is below 0
promoter.yml:20:39 "many"
promoter.yml:20:45 unscaned
promoter.yml:20:69 "soon"
promoter.yml:21:23 "linux"
promoter.yml:22:16 "1 day"
promoter.yml:23:28 "releases"
promoter.yml:23:50 "@anna"
promoter.yml:23:70 required is 2
promoter.yml:23:82 "400d"
promoter.yml:23:99 may-aprove
promoter.yml:26:16 comes after itself
promoter.yml:27:9 registry
promoter.yml:28:26 tags.release of production
promoter.yml:28:53 never moved
promoter.yml:28:53 tags.moving of production
promoter.yml:29:52 approvers is empty
promoter.yml:30:64 contains no objects
promoter.yml:30:87 "1w"
promoter.yml:30:98 force
promoter.yml:31:7 "eu_west" is not a valid name
promoter.yml:32:16 stagin
promoter.yml:33:15 release is missing
promoter.yml:33:25 "prod-{version}" is not a valid tag
promoter.yml:34:29 hera
promoter.yml:34:46 "Order Book" is not a valid namespace
promoter.yml:34:65 "../elsewhere"
promoter.yml:36:14 already belongs to application orderbook
promoter.yml:38:5 source is repeated
promoter.yml:41:26 taken for the source
promoter.yml:41:57 taken for the source
promoter.yml:42:62 no folder deploy/nowhere
promoter.yml:44:13 images is empty
promoter.yml:45:5 source is empty
promoter.yml:46:19 no environment
deploy/broken/objects.yaml:5:3 selfLink
deploy/broken/objects.yaml:6:3 resourceVersion
deploy/broken/objects.yaml:9:13 extensions/v1beta1
deploy/broken/objects.yaml:17:18 tools
deploy/broken/objects.yaml:21:1 status
deploy/broken/objects.yaml:25:19 second ConfigMap
deploy/broken/objects.yaml:28:7 Lease cannot be promoted: the cluster writes it itself
deploy/broken/objects.yaml:31:1 apiVersion
deploy/broken/objects.yaml:32:11 metadata.name
deploy/broken/objects.yaml:34:1 this is not a Kubernetes object
deploy/broken/objects.yaml:38:7 StorageClass belongs to the whole cluster
deploy/broken/secret.yaml:2:7 Secret
deploy/broken/secret.yaml:4:34 password is repeated
deploy/broken/syntax.yaml:4:1 Tabs
`
  .trim()
  .split("\n");

describe("a configuration with dozens of faults", () => {
  it("has every one of them reported at its place, in reading order", async () => {
    const found = (await faults()).map(({ file, line, column, message }) => ({
      place: `${file}:${line}:${column}`,
      message,
    }));
    expect(found.map(({ place }) => place)).toEqual(expected.map((line) => line.split(" ")[0]));
    for (const [index, line] of expected.entries()) {
      expect(found[index]?.message).toContain(line.slice(line.indexOf(" ") + 1));
    }
  });

  it("says for each what to write instead", async () => {
    expect((await faults()).filter(({ remedy }) => remedy.length < 5)).toEqual([]);
  });

  it("is shown the line with a caret, but never a line of a file that holds a Secret", async () => {
    const text = formatFaults(await faults());
    expect(text).toContain(
      "promoter.yml:14:5: unknown key enviroments\n        enviroments: {}\n        ^\n    -> did you mean environments?",
    );
    expect(text).not.toContain("hunter");
    expect(text).toMatch(/64 faults; nothing was started\.$/);
  });
});
