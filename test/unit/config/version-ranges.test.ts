import { expect, it } from "vitest";
import { base, deployment, told } from "./shop-project.ts";

it.each<readonly [string, string, string, readonly string[]]>([
  [
    ', versions: { only: ">=2.0.0" }',
    '{ only: "<2.0.0" }',
    "{}",
    [
      '11:27 no version can get into staging: staging takes only "<2.0.0", source takes only ">=2.0.0" -> change `versions` so that some version is taken all the way',
    ],
  ],
  [
    "",
    '{ only: "1.x || 3.x" }',
    '{ only: "2.x" }',
    [
      '16:27 no version can get into production: production takes only "2.x", staging takes only "1.x || 3.x" -> change `versions` so that some version is taken all the way',
    ],
  ],
  [
    ', versions: { only: ">=2.0.0-rc.1 <2.0.0", prereleases: refuse }',
    "{}",
    "{}",
    [
      '8:55 no version can be a release: source takes only ">=2.0.0-rc.1 <2.0.0" and no pre-releases -> change `versions` so that some version is taken all the way',
    ],
  ],
  [
    ', versions: { only: ">=2.0.0-rc.1 <2.0.0" }',
    "{}",
    "{ prereleases: refuse }",
    [
      '16:34 no version can get into production: production takes no pre-releases, source takes only ">=2.0.0-rc.1 <2.0.0" -> change `versions` so that some version is taken all the way',
    ],
  ],
  [', versions: { only: "1.x || 3.x" }', '{ only: ">=2.0.0" }', '{ ignore: ["3*"] }', []],
  [', versions: { only: ">=2.0.0-rc.1" }', "{ prereleases: refuse }", '{ only: "<2.0.1" }', []],
  [', versions: { only: ">1.4.2" }', '{ only: "<1.5.0 >=0.9.0" }', '{ only: "1.4.x" }', []],
])(
  "versions that get from the source%s into staging %s and production %s",
  async (source, staging, production, faults) => {
    const text = base
      .replace('"dev-{version}"', `"dev-{version}"${source}`)
      .replace("staging:\n", `staging:\n        versions: ${staging}\n`)
      .replace("after: staging\n", `after: staging\n        versions: ${production}\n`);
    expect(await told(text, deployment)).toEqual(faults);
  },
);
