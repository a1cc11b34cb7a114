import { describe, expect, it } from "vitest";
import { base, deployment, host, load, told } from "./shop-project.ts";

it("a configuration without faults is loaded", async () => {
  expect(await told(base, deployment)).toEqual([]);
});

describe("one fault in promoter.yml is reported alone:", () => {
  it.each<readonly [string, string, string | RegExp]>([
    [
      'account: "111122223333"',
      "account: 012345678901",
      /^1:22 registry.account must be a string, not the number 12345678901 -> put it in quotes\. AWS account of the registry: 12 digits in quotes\.$/,
    ],
    [
      'account: "111122223333"',
      "account: 111122223333",
      /^1:22 registry.account must be a string, not the number 111122223333 -> put it in quotes$/,
    ],
    [
      'account: "111122223333"',
      'account: "1111"',
      /^1:22 "1111" is not a valid AWS account id -> write all 12 digits, in quotes$/,
    ],
    [
      "region: eu-west-1 }\nclusters",
      "region: eu-west-1, putImageRate: 0 }\nclusters",
      /^1:\d+ registry\.putImageRate is below 1 -> write 1 or more$/,
    ],
    [
      "region: eu-west-1 }\nclusters",
      "region: eu-west-1, putImageRate: 1001 }\nclusters",
      /^1:\d+ registry\.putImageRate is above 1000 -> write 1000 or less$/,
    ],
    [
      "region: eu-west-1 }\nclusters",
      "region: eu-west-1, putImageRate: 2.5 }\nclusters",
      /^1:\d+ registry\.putImageRate must be a whole number, not the number 2\.5/,
    ],
    [
      "region: eu-west-1 }\nclusters",
      "regoin: eu-west-1 }\nclusters",
      /^1:11 registry.region is missing -> add it: /,
    ],
    [
      "files: deploy }\n      production",
      "files: deploy, force: yes }\n      production",
      /^12:\d+ .*force must be true or false, not the string "yes" -> write true or false: true$/,
    ],
    [
      "files: deploy }\n      production",
      'files: deploy, force: "true" }\n      production',
      /^12:\d+ .*-> write true or false without quotes$/,
    ],
    [
      "files: deploy }\n      production",
      "files: deploy, force: maybe }\n      production",
      /^12:\d+ .*-> write true or false$/,
    ],
    ["{ context: kind-test }", "{ context: kind-test, eks: x }", /^4:\d+ /],
    ["{ context: kind-test }", '{ context: "" }', /^4:20 clusters.test.context is empty/],
    [
      "{ context: kind-test }",
      "{}",
      /^4:9 clusters\.test: eks or context is missing -> Write \{ eks, region \}, or \{ context \} for one machine\.$/,
    ],
    ["{ context: kind-test }", "", /^4:3 clusters\.test is empty -> Write \{ eks, region \}/],
    ["{ context: kind-test }", "{ region: eu-west-1 }", /^4:9 clusters\.test\.eks is missing/],
    [
      "[shop-api]",
      "shop-api",
      /^7:13 applications.shop.images must be a list, not the string "shop-api" -> write it as \["shop-api"\]$/,
    ],
    [
      "after: staging",
      "after: staging\n        rules: { age: 1 }",
      /^15:23 .*rules\.age must be a string, not the number 1 -> write it as 90s or 2m or 1h30m or 7d$/,
    ],
    [
      '"dev-{version}" }',
      '"dev-{version}", settle: 2 }',
      /^8:45 .*-> write it as 90s or 2m or 1h30m$/,
    ],
    [
      "after: staging",
      "after: staging\n        rules: [scan]",
      /^15:16 .*rules must be a map, not a list -> write it as \{ platforms: …, scan: …, age: … \}/,
    ],
    [
      "after: staging",
      'after: staging\n        versions: ">=1.0.0"',
      /^15:19 .*-> write it as \{ prereleases: …, only: …, ignore: … \}/,
    ],
    [
      "after: staging",
      "after: staging\n        versions: { ignore: latest }",
      /^15:29 .*versions\.ignore must be a list, not the string "latest" -> write it as \["latest"\]$/,
    ],
    [
      "after: staging",
      "after: staging\n        prereleases: refuse",
      /^15:9 unknown key prereleases -> write it under versions: versions: \{ prereleases: refuse \}$/,
    ],
    [
      "{ eks: prod, region: eu-west-1 }",
      "prod",
      /^3:9 clusters\.prod must be a map, not the string "prod" -> Write \{ eks, region \}/,
    ],
    [
      "files: deploy }\n      production",
      "files: deploy/*.yaml }\n      production",
      /^12:59 there is no folder deploy\/\*\.yaml -> write deploy: files names a folder/,
    ],
    [
      "files: deploy }\n      production",
      "files: api.yaml }\n      production",
      /^12:59 there is no folder api\.yaml -> put the files into a folder of their own/,
    ],
    [
      "[shop-api]",
      `[${host}/shop-api]`,
      /^7:14 "111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/shop-api" is not a valid repository -> write shop-api: /,
    ],
    [
      "[shop-api]",
      "[999122223333.dkr-ecr.eu-west-1.on.aws/shop-api:1.4.2]",
      /^7:14 .* is not a valid repository -> write shop-api: /,
    ],
    [
      "[shop-api]",
      '["https://localhost:5000/shop-api"]',
      /^7:14 .* is not a valid repository -> write shop-api: /,
    ],
    [
      "[shop-api]",
      "[shop-api:1.4.2]",
      /^7:14 "shop-api:1\.4\.2" is not a valid repository -> write shop-api: /,
    ],
    [
      "[shop-api]",
      "[Shop_API]",
      /^7:14 "Shop_API" is not a valid repository -> write its name in ECR/,
    ],
    [
      "[shop-api]",
      "[shop-api, shop-ui]",
      /^12:59 no object in deploy runs shop-ui -> write 111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/shop-ui as image of a container/,
    ],
    [
      "dev-{version}",
      "dev-{version}-{version}",
      /^8:20 "dev-\{version\}-\{version\}" is not a valid tag pattern with one \{version\}/,
    ],
    [
      "staging-{version}",
      "dev-{version}",
      /^11:26 dev-\{version\} can be taken for the source dev-\{version\}/,
    ],
    [
      "moving: prod }",
      "moving: prod }\n        rules: { age: 31d }",
      /^16:23 "31d" is too long -> write at most 30d$/,
    ],
    ["moving: prod", "moving: dev-1.0.0", /^15:52 dev-1.0.0 can be taken for the source/],
    [
      "moving: prod",
      "moving: staging-1.0.0",
      /^15:52 tags.moving of production can be a tag of staging/,
    ],
    [
      "moving: prod",
      "moving: prod-1.0.0",
      /^15:52 prod-1.0.0 is the release tag prod-\{version\} of version 1.0.0/,
    ],
    [
      "staging-{version}",
      "prod-1.0.0-{version}",
      /^15:26 tags.release of production can be a tag of staging/,
    ],
    [
      '"dev-{version}" }',
      '"{version}", order: pushed }',
      /^11:26 staging-\{version\} can be taken for the source \{version\} \(order pushed\)/,
    ],
    [
      '"dev-{version}" }',
      '"{version}", versions: { prereleases: no } }',
      /^8:58 .*prereleases is "no" -> write refuse or allow\./,
    ],
    [
      '"dev-{version}" }',
      '"{version}", versions: { only: "1.0 to 2.0" } }',
      /^8:51 "1\.0 to 2\.0" is not a valid version range .*-> write it as npm does, in quotes/,
    ],
    [
      '"dev-{version}" }',
      '"{version}", versions: { only: "<1.0.0 >2.0.0" } }',
      /^8:51 "<1\.0\.0 >2\.0\.0" is not a valid version range that any version could match/,
    ],
    [
      '"dev-{version}" }',
      '"{version}", versions: { ignore: ["*"] } }',
      /^8:54 "\*" is not a valid version pattern -> .*every version/,
    ],
    [
      '"dev-{version}" }',
      '"{version}", order: number, versions: { only: ">=1.0.0" } }',
      /^8:60 versions\.only needs order semver, and versions here are ordered by number \(157\) -> remove it/,
    ],
    [
      "after: staging",
      "after: staging\n        versions: { only: 2 }",
      /^15:27 .*versions\.only must be a string, not the number 2 -> put it in quotes$/,
    ],
    ["after: staging", "after: production", /^14:16 production comes after itself/],
    [
      "after: staging",
      "after: stagging",
      /^14:16 shop has no environment stagging -> did you mean staging\?$/,
    ],
    ["after: staging", "after: qa", /^14:16 shop has no environment qa -> name one of staging/],
    ["cluster: prod", "cluster: pord", /^16:29 there is no cluster pord -> did you mean prod\?$/],
    [
      "cluster: prod",
      "cluster: test",
      /^16:46 Deployment shop\/api of cluster test already belongs to shop\/staging/,
    ],
    [
      "files: deploy }\n      production",
      "files: /etc }\n      production",
      /^12:59 "\/etc" is not a valid folder within the project/,
    ],
    [
      "files: deploy }\n      production",
      "files: deplay }\n      production",
      /^12:59 there is no folder deplay/,
    ],
    [
      "      staging:\n        tags",
      "      staging:\n        window: night\n        tags",
      /^11:9 unknown key window -> applications\.shop\.environments\.staging has after, versions, tags/,
    ],
  ])("%s -> %s", async (right, wrong, fault) => {
    expect(base).toContain(right);
    const found = await told(base.replace(right, wrong), deployment);
    expect(found[0]).toMatch(fault);
  });

  it.each([
    ["", "  test: { eks: prod, region: eu-west-1 }"],
    [", whatever version", '  test: { eks: prod, region: eu-west-1, version: "1.35" }'],
  ])("two names of one cluster are one cluster%s", async (_, test) => {
    const text = base.replace("  test: { context: kind-test }", test);
    expect(await told(text, deployment)).toEqual([
      expect.stringMatching(
        /^16:46 Deployment shop\/api of cluster prod already belongs to shop\/staging/,
      ),
    ]);
  });

  it("a name without a letter is shown as what it is", async () => {
    expect(await told(`${base}  "":\n`, deployment)).toContainEqual(
      expect.stringMatching(/^17:3 applications\."" is empty/),
    );
  });

  it("two clusters may each have the same namespace", async () => {
    expect(await told(base.replace("kind-test", "kind-other"), deployment)).toEqual([]);
  });

  it.each([
    [
      "bare versions beside release tags with a word of their own",
      base.replace("dev-{version}", "{version}"),
    ],
    [
      "bare numbers",
      base
        .replace('"dev-{version}" }', '"{version}", order: number }')
        .replace("staging-{version}", "{version}-staging"),
    ],
    ["bare dates", base.replace('"dev-{version}" }', '"{version}", order: date }')],
    [
      "bare release tags beside a source with a word of its own",
      base.replace("prod-{version}", "{version}"),
    ],
    [
      "a release tag that begins like another one",
      base.replace("staging-{version}", "prod-eu-{version}"),
    ],
    [
      "a moving tag that begins like the source",
      base.replace("moving: prod", "moving: dev-latest"),
    ],
  ])("the order tells tags apart: %s", async (_, text) => {
    expect(text).not.toBe(base);
    expect(await told(text, deployment)).toEqual([]);
  });

  it.each([
    ["v{version}", /^11:26 v\{version\} can be taken for the source \{version\} \(order semver\)/],
    ["{version}-staging", /^11:26 \{version\}-staging can be taken/],
    ["{version}", /^11:26 \{version\} can be taken/],
  ])(
    "a bare semver source does not go with the release tag %s, which may be a version itself",
    async (release, fault) => {
      expect(
        (
          await told(
            base.replace("dev-{version}", "{version}").replace("staging-{version}", release),
            deployment,
          )
        )[0],
      ).toMatch(fault);
    },
  );

  it("versions that an environment takes are read with their defaults", async () => {
    const loaded = await load(
      base.replace(
        "after: staging",
        'after: staging\n        versions: { prereleases: refuse, only: ">=1.0.0 <2.0.0", ignore: [latest, "*-debug"] }',
      ),
      deployment,
    );
    const environments =
      loaded.kind === "ok" ? loaded.configuration.applications["shop"]?.environments : undefined;
    expect(environments?.["production"]?.versions).toEqual({
      prereleases: "refuse",
      only: ">=1.0.0 <2.0.0",
      ignore: ["latest", "*-debug"],
    });
    expect(environments?.["staging"]?.versions).toEqual({
      prereleases: undefined,
      only: undefined,
      ignore: [],
    });
  });

  it("a moving tag may begin like the release tag as long as it carries no version", async () => {
    expect(await told(base.replace("moving: prod", "moving: prod-latest"), deployment)).toEqual([]);
  });

  it.each<readonly [string, string, RegExp]>([
    [
      "a duration is one that may stand there",
      base.replace(
        "cluster: prod, namespace: shop, files: deploy",
        "cluster: prod, namespace: shop, files: deploy, rollout: 30h",
      ),
      /"30h" is not a valid duration from 1s to 6h -> write it as 90s, 2m or 1h30m$/,
    ],
    [
      "a duration without a unit too",
      base.replace(
        "cluster: prod, namespace: shop, files: deploy",
        "cluster: prod, namespace: shop, files: deploy, rollout: 10",
      ),
      /rollout must be a string, not the number 10 -> write it as 90s or 2m or 1h30m$/,
    ],
    [
      "a source is not given the tag of a release",
      base.replace('"dev-{version}"', "dev"),
      /"dev" is not a valid tag pattern with one \{version\} -> write it as dev-\{version\}, with exactly one/,
    ],
    [
      "a release is",
      base.replace('"prod-{version}"', "prod"),
      /"prod" is not a valid tag pattern with one \{version\} -> write it as prod-\{version\}, with exactly one/,
    ],
    [
      "the registry in a member is told, since it may be another one",
      base.replace("[shop-api]", "[999922223333.dkr.ecr.us-east-1.amazonaws.com/shop-api]"),
      /-> write shop-api: the registry of all images is named once, under `registry` \(here it is account 999922223333 in us-east-1\), and versions/,
    ],
  ])("what a remedy names can be written there: %s", async (_, text, fault) => {
    expect(await told(text, deployment)).toEqual([expect.stringMatching(fault)]);
  });

  it("several votes are named as not supported yet", async () => {
    const approval =
      'after: staging\n        approval: { slack: "#r", approvers: [U1, U2X], required: 2 }';
    expect(await told(base.replace("after: staging", approval), deployment)).toEqual([
      expect.stringMatching(/^15:46 "U1" is not a valid Slack user id/),
      expect.stringMatching(/^15:66 .*required is 2 -> write 1\. .*only 1 is supported yet/),
    ]);
  });
});

describe("YAML", () => {
  it.each([
    ["a: [1\n", /^\d+:\d+ this is not valid YAML: Flow sequence.* -> close the bracket with \]$/],
    ["a: { b: 1\nc: 2\n", /-> close the bracket with \}$/],
    ["registry: *base\n", /^1:11 there is no anchor &base/],
    ["a: &x { b: *x }\n", /^1:12 \*x contains itself/],
    ["", /^1:1 the configuration is empty/],
    ["just text", /^1:1 the configuration must be a map, not the string "just text"/],
    [`${base}---\n${base}`, /^17:1 this is not valid YAML.*remove the line `---`/],
  ])("%j is told as what it is", async (text, fault) => {
    expect((await told(text, deployment))[0]).toMatch(fault);
  });

  it("may use anchors, aliases and merge keys, and faults in them keep their place", async () => {
    const shared = base
      .replace(
        "{ cluster: test, namespace: shop, files: deploy }",
        "&spec { cluster: test, namespace: shop, files: deploy }",
      )
      .replace("{ cluster: prod, namespace: shop, files: deploy }", "{ <<: *spec, cluster: prod }");
    expect(await told(shared, deployment)).toEqual([]);
    expect(
      await told(shared.replace("namespace: shop, files", "namespace: Shop, files"), deployment),
    ).toEqual([expect.stringMatching(/^12:52 "Shop" is not a valid namespace/)]);
  });
});

describe("a value whose first character means something else to YAML is to be put in quotes:", () => {
  it.each<readonly [string, string, RegExp]>([
    [
      "a channel",
      withApproval("slack: #releases\n          approvers: [U012AB3CD]"),
      /^16:11 .*approval\.slack is empty -> put it in quotes: "#releases" \(a bare # begins a comment\)$/,
    ],
    [
      "a channel in braces",
      base.replace(
        "after: staging",
        "after: staging\n        approval: { slack: #releases, approvers: [U012AB3CD] }",
      ),
      /^15:28 a comment begins here and hides the rest of the line -> put it in quotes: "#releases"/,
    ],
    [
      "a channel in brackets",
      withApproval('slack: "#r"\n          approvers: [#anna]'),
      /^17:23 a comment begins here .*-> put it in quotes: "#anna"/,
    ],
    [
      "a person",
      withApproval('slack: "#r"\n          approvers: [@anna]'),
      /^17:23 .*-> put it in quotes: "@anna" \(a bare @ is reserved\)$/,
    ],
    [
      "a version to ignore",
      base.replace(
        "after: staging",
        "after: staging\n        versions: { ignore: [latest, *-debug] }",
      ),
      /^15:38 there is no anchor &-debug -> define it above this line, or put it in quotes: "\*-debug"/,
    ],
    [
      "a range",
      base.replace(
        "after: staging",
        "after: staging\n        versions:\n          only: >=1.0.0 <2.0.0",
      ),
      /^16:18 .*-> put it in quotes: ">=1\.0\.0 <2\.0\.0" \(a bare > begins a multi-line string\)$/,
    ],
    [
      "a range in braces",
      base.replace("after: staging", "after: staging\n        versions: { only: >=1.0.0 <2.0.0 }"),
      /^15:27 .*-> put it in quotes: ">=1\.0\.0 <2\.0\.0"/,
    ],
    [
      "a bare version",
      base.replace('"dev-{version}"', "{version}"),
      /^8:20 .*source\.tag must be a string, not a map -> put it in quotes: "\{version\}" \(a bare \{ begins a map\)$/,
    ],
    [
      "a version at the beginning",
      base.replace('"dev-{version}"', "{version}-dev"),
      /^8:29 .*-> put it in quotes: "\{version\}-dev"/,
    ],
    [
      "every version",
      base.replace("after: staging", "after: staging\n        versions: { only: * }"),
      /^15:27 .*-> put it in quotes: "\*" \(a bare \* is an alias\)$/,
    ],
    [
      "a tag of YAML",
      base.replace("eu-west-1 }\nclusters", "!Ref x }\nclusters"),
      /^1:46 .*-> put it in quotes: "!Ref"/,
    ],
  ])("%s", async (_, text, fault) => {
    expect((await told(text, deployment))[0]).toMatch(fault);
  });

  it("but a comment after a key is a comment", async () => {
    expect(
      (await told(withApproval("slack: # whom?\n          approvers: [U012AB3CD]"), deployment))[0],
    ).toMatch(/slack is empty -> write a string there: Channel for questions/);
  });

  it("and nothing of a file that holds a Secret is repeated", async () => {
    for (const value of [
      "*hunter2",
      ">hunter2",
      "!!int hunter2",
      ".nan # hunter2",
      "@hunter2",
      "{hunter2",
      "[#hunter2]",
      "&hunter2 *hunter2",
    ]) {
      const faults = await told(
        base.replaceAll("files: deploy", "files: deploy, secrets: allow"),
        deployment,
        `apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData:\n  password: ${value}\n`,
      );
      expect(faults.join("\n")).not.toContain("hunter2");
      expect([value, faults.length > 0]).toEqual([value, true]);
    }
  });
});

function withApproval(text: string): string {
  return base.replace("after: staging", `after: staging\n        approval:\n          ${text}`);
}
