import { isDeepStrictEqual } from "node:util";
import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  property,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { plainMember } from "../../../../src/domain/member-source.ts";
import type { PinnedMember } from "../../../../src/domain/pod-spec/meant-member.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import {
  substituteImages,
  type ImagePolicy,
  type Substitution,
} from "../../../../src/domain/pod-spec/substitute-images.ts";

const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const digest = `sha256:${"a".repeat(64)}` as Digest;
const api = `${host}/orderbook-api`;
const ui = `${host}/orderbook-ui`;
const pinned = `${api}@${digest}`;

function membersOf(names: readonly string[], pinnedTo?: Digest): readonly PinnedMember[] {
  return names.map((name) => ({
    ...plainMember(name as RepositoryName, { prefix: "dev-", suffix: "" }),
    digest: pinnedTo,
  }));
}

const policy: ImagePolicy = {
  registry: { account: "111122223333", region: "eu-west-1" },
  application: "orderbook",
  images: "fields",
  members: membersOf(["orderbook-api", "orderbook-ui"], digest),
};
const everywhere: ImagePolicy = { ...policy, images: "everywhere" };

const objectWith = (
  rest: Readonly<Record<string, unknown>>,
  kind = "Deployment",
): KubernetesObject => ({ apiVersion: "apps/v1", kind, metadata: { name: "web" }, ...rest });
const pin = (rest: Readonly<Record<string, unknown>>, rules = policy): Substitution =>
  substituteImages(objectWith(rest), rules);
const pinImage = (image: unknown): Substitution => pin({ containers: [{ image }] });
const imageOf = ({ object }: Substitution): unknown =>
  (object["containers"] as readonly { readonly image: unknown }[])[0]?.image;
const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const problemsOf = ({ problems }: Substitution): readonly string[] =>
  problems.map(({ message, remedy }) => `${message} -> ${remedy}`);

describe("the image of a container", () => {
  it.each([
    ["without a tag", api],
    ["with a tag", `${api}:dev-1.4.2`],
    ["with a digest", `${api}@sha256:${"b".repeat(64)}`],
    ["with a tag and a digest", `${api}:dev-1.4.2@sha256:${"b".repeat(64)}`],
    ["with a digest of another algorithm", `${api}@sha512:${"b".repeat(128)}`],
  ])("is pinned when it names the repository %s", (_, image) => {
    const found = pinImage(image);
    expect([imageOf(found), found.uses, found.problems]).toEqual([pinned, ["orderbook-api"], []]);
  });

  it.each([
    "111122223333.dkr-ecr.eu-west-1.on.aws",
    "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
    "111122223333.dkr-ecr-fips.eu-west-1.on.aws",
    `${host}:443`,
    "111122223333.DKR.ECR.eu-west-1.amazonaws.com",
  ])("keeps its host %s", (name) => {
    expect(imageOf(pinImage(`${name}/orderbook-api:dev-1`))).toBe(
      `${name}/orderbook-api@${digest}`,
    );
  });

  it.each([
    ["the name without the registry", "orderbook-api:1"],
    ["the name in another registry", "example.com/orderbook-api:1"],
    ["the registry as a part of a longer one", `mirror.example/${host}/orderbook-api:1`],
    ["another account", "999988887777.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:1"],
    ["another Region", "111122223333.dkr.ecr.eu-central-1.amazonaws.com/orderbook-api:1"],
  ])("stays as it is when it names %s", (_, image) => {
    const found = pinImage(image);
    expect([imageOf(found), found.uses, found.problems]).toEqual([image, [], []]);
  });

  it.each([
    ["another repository", `${host}/tools:7`],
    ["a longer name", `${host}/orderbook-api-debug:1`],
    ["a name below it", `${host}/orderbook-api/debug:1`],
    [
      "another repository by its FIPS name",
      "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/tools",
    ],
  ])("is a problem when it is %s of the registry", (_, image) => {
    const [problem] = problemsOf(pinImage(image));
    expect(problem).toMatch(
      / is not an image of application orderbook, so it would never be promoted -> use one of orderbook-api, orderbook-ui, or add it to images$/,
    );
  });

  const name = `write ${api}, without tag and digest: each promotion adds both`;
  it.each([
    [`${api}:\${TAG}`, "variables are not substituted in these files", name],
    [`${api}:{VERSION}`, "variables are not substituted in these files", name],
    [`${api}:`, "its tag is empty", name],
    [` ${api}:1`, "it has surrounding spaces", name],
    [`https://${api}:1`, "it begins with a scheme", name],
    [`${host}./orderbook-api:1`, "its registry ends with a dot", name],
    [`${host}/Orderbook-API:1`, "a repository has no upper-case letters", name],
    [`${api}@sha256:abc`, "what follows the @ is not a digest", name],
    [`${host}//orderbook-api:1`, "it is not a valid reference", name],
    ["nginx:${TAG}", "variables are not substituted in these files", "write the value itself"],
    ["nginx ", "it has surrounding spaces", "remove them"],
    ["a.example/Web:1", "a repository has no upper-case letters", "write them in lower case"],
    ["web:..", "it is not a valid reference", "write it as registry/repository:tag"],
  ])("%j is a problem: no node can run it", (image, why, remedy) => {
    expect(problemsOf(pinImage(image))).toEqual([
      `the image ${JSON.stringify(image)} cannot be read: ${why} -> ${remedy}`,
    ]);
  });

  it.each([
    host,
    `${host}:v1`,
    `${host}@${digest}`,
    "111122223333.dkr-ecr.eu-west-1.on.aws:v1",
    `${host}:443`,
  ])("that is the registry alone, %s, is a problem: nodes would ask Docker Hub", (image) => {
    const found = pinImage(image);
    const registry = image.replace(/[:@].*/, "");
    expect([imageOf(found), found.uses, problemsOf(found)]).toEqual([
      image,
      [],
      [
        `the image "${image}" is the registry without a repository, so nodes would ask Docker Hub for it -> write ${registry}/ and one of orderbook-api, orderbook-ui`,
      ],
    ]);
  });

  it("that is another registry alone stays as it is", () => {
    expect(pinImage("999988887777.dkr.ecr.eu-west-1.amazonaws.com:v1").problems).toEqual([]);
  });

  it.each([7, true])("that YAML made %j is a problem", (image) => {
    expect(problemsOf(pinImage(image))).toEqual(["an image must be a string -> put it in quotes"]);
  });

  const found = [{ name: "app", image: api }];
  const done = [{ name: "app", image: pinned }];
  it.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["containers of a Pod", { spec: { containers: found } }, { spec: { containers: done } }],
    ["initContainers", { spec: { initContainers: found } }, { spec: { initContainers: done } }],
    [
      "ephemeralContainers",
      { spec: { ephemeralContainers: found } },
      { spec: { ephemeralContainers: done } },
    ],
    [
      "a volume",
      { spec: { volumes: [{ name: "files", image: { reference: api } }] } },
      { spec: { volumes: [{ name: "files", image: { reference: pinned } }] } },
    ],
    [
      "a CronJob, four levels down",
      { spec: { jobTemplate: { spec: { template: { spec: { containers: found } } } } } },
      { spec: { jobTemplate: { spec: { template: { spec: { containers: done } } } } } },
    ],
    [
      "a custom kind, inside a list",
      { steps: [{ containers: found }] },
      { steps: [{ containers: done }] },
    ],
    [
      "containers inside of containers",
      { containers: [{ image: api, inner: { containers: found } }] },
      { containers: [{ image: pinned, inner: { containers: done } }] },
    ],
  ])("is pinned in %s", (_, given, expected) => {
    expect(pin(given)).toMatchObject({ object: objectWith(expected), problems: [] });
  });

  it("is used, and stays as it is, as long as its digest is unknown", () => {
    const unknown = { ...policy, members: membersOf(["orderbook-api"]) };
    expect(pin({ containers: found }, unknown)).toEqual({
      object: objectWith({ containers: found }),
      uses: ["orderbook-api"],
      problems: [],
    });
  });

  it("stays as it is in the object that was given", () => {
    const object = objectWith({ containers: [{ image: api }] });
    substituteImages(object, policy);
    expect(object).toEqual(objectWith({ containers: [{ image: api }] }));
  });
});

describe("an image of the registry that any other text names", () => {
  const worker = `${api}:latest`;
  const places: readonly (readonly [string, (text: string) => KubernetesObject])[] = [
    ["a variable", (value) => objectWith({ containers: [{ env: [{ name: "WORKER", value }] }] })],
    ["an argument", (text) => objectWith({ containers: [{ args: [`--image=${text}`, "-v"] }] })],
    [
      "a command",
      (text) =>
        objectWith({ containers: [{ command: ["sh", "-c", `docker run --rm ${text} migrate`] }] }),
    ],
    [
      "an annotation",
      (text) =>
        objectWith({
          metadata: { name: "web", annotations: { "sidecar.example.com/image": text } },
        }),
    ],
    ["another field called image", (image) => objectWith({ spec: { image } })],
    ["a map called containers", (image) => objectWith({ spec: { containers: { image } } })],
    [
      "YAML in a ConfigMap",
      (text) =>
        objectWith({ data: { "pod.yaml": `containers:\n- image: ${text}\n` } }, "ConfigMap"),
    ],
    [
      "JSON in a ConfigMap",
      (text) =>
        objectWith(
          { data: { "pod.json": JSON.stringify({ image: text }).replaceAll("/", "\\/") } },
          "ConfigMap",
        ),
    ],
    [
      "JSON in JSON",
      (text) =>
        objectWith(
          { data: { a: JSON.stringify({ script: JSON.stringify({ text: `run:\n${text}\n` }) }) } },
          "ConfigMap",
        ),
    ],
    ["a URL", (text) => objectWith({ data: { a: `docker://${text}, or so` } }, "ConfigMap")],
    [
      "the bytes of a ConfigMap",
      (text) => objectWith({ binaryData: { a: base64(`\xff\x00${text}\n`) } }, "ConfigMap"),
    ],
    ["the text of a Secret", (text) => objectWith({ stringData: { a: text } }, "Secret")],
    ["the data of a Secret", (text) => objectWith({ data: { a: base64(text) } }, "Secret")],
  ];

  it.each(places)("in %s is a problem", (_, at) => {
    const { object, uses, problems } = substituteImages(at(worker), policy);
    expect([object, uses]).toEqual([at(worker), []]);
    expect(problems).toEqual([
      expect.objectContaining({
        remedy: "set podSpec.images: everywhere; each promotion then pins it here too",
      }),
    ]);
  });

  it.each(places)("in %s is pinned where the environment asks for it", (_, at) => {
    expect(substituteImages(at(worker), everywhere)).toEqual({
      object: at(pinned),
      uses: ["orderbook-api"],
      problems: [],
    });
  });

  it.each(places)("in %s is a problem in any case when it is not a member", (_, at) => {
    for (const rules of [policy, everywhere]) {
      expect(substituteImages(at(`${host}/tools:7`), rules).problems).toEqual([
        expect.objectContaining({
          message: expect.stringContaining("is not an image of application orderbook"),
        }),
      ]);
    }
  });

  it.each([
    ["by digest", `${api}@${digest}`],
    ["by tag and digest", `${api}:1@${digest}`],
    ["by its dual-stack name", "111122223333.dkr-ecr.eu-west-1.on.aws/orderbook-api:1"],
    ["in upper case", "111122223333.DKR.ECR.EU-WEST-1.AMAZONAWS.COM/orderbook-api:1"],
    ["with a port", `${host}:443/orderbook-api:1`],
    ["with a trailing dot", `${host}./orderbook-api:1`],
  ])("%s is found too", (_, text) => {
    expect(pin({ spec: { text } }).problems).toHaveLength(1);
  });

  it.each([
    "$TAG",
    "${TAG}",
    "${TAG:-latest}",
    "$(TAG)",
    "{{ .Values.tag }}",
    "${{ github.sha }}",
    "<tag>",
    "%TAG%",
    "%s",
    "dev-$(VERSION)-x",
    "[[ .Tag ]]",
    "#{TAG}",
    "@TAG@",
    "!TAG!",
    "((tag))",
    "`cat version`",
  ])("with the tag %s is never pinned: only the program knows it", (tag) => {
    const [problem] = problemsOf(pin({ spec: { text: `${api}:${tag}` } }, everywhere));
    expect(problem).toBe(
      `${api}:${tag} is known only at run time -> write a plain tag, such as :latest; each promotion replaces it`,
    );
  });

  it.each([
    `${host}/$(NAME):1`,
    `${host}%2Forderbook-api%3A1`,
    `${host}/orderbook-api\\u003a1`,
    `${host}\\x2forderbook-api:1`,
  ])("as %s is never pinned either", (text) => {
    expect(problemsOf(pin({ spec: { text } }, everywhere))).toEqual([
      expect.stringContaining("is known only at run time"),
    ]);
  });

  it("in an image field of great length is reported at once", () => {
    const begun = performance.now();
    const found = [
      host.repeat(20_000),
      "a".repeat(1_000_000),
      `${host}${"/".repeat(1_000_000)}é`,
    ].map((image) => problemsOf(pinImage(image)));
    expect(found.map((problems) => problems.map((problem) => problem.slice(-70)))).toEqual(
      found.map(() => [expect.stringContaining("it is longer than any image -> ")]),
    );
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it.each([
    '"$TAG"',
    "'1.0'",
    "`cat tag`",
    "$(cat $(ls))",
    '$(cat "$(ls)")',
    "${TAG:-${OTHER}}",
    "$@",
    '{{ printf "{}" }}',
    "%(tag)s",
    "#{tag}",
    "@TAG@",
    "dev-$(cat $(ls))",
    'dev-"$TAG"',
    'dev-{{ printf "{}" }}',
    '\\"$TAG\\"',
  ])("with the tag %s is found, however it is composed", (tag) => {
    for (const rules of [policy, everywhere]) {
      expect(problemsOf(pin({ spec: { text: `pull ${api}:${tag} now` } }, rules))).toEqual([
        expect.stringContaining("is known only at run time"),
      ]);
    }
  });

  it.each([
    `"${host}"/raw/app:v1`,
    `"${host}/raw/app":v1`,
    `'${host}'/orderbook-api:1.4`,
    `"${host}"/"orderbook-api":v1`,
    `"${api}":1.4 x`,
    `"${api}":$TAG`,
    `"${api}":"$TAG"`,
    `"${api}"@${digest}`,
    `\\"${api}\\":v1`,
    `111122223333.dkr.ecr.\${AWS_REGION}.amazonaws.com/orderbook-api:v1`,
    "111122223333.dkr.ecr.$REGION.amazonaws.com/raw/app:v1",
    "111122223333.dkr.ecr-fips.{{ .Region }}.$(SUFFIX)/app:v1",
    '111122223333.dkr.ecr."$REGION".amazonaws.com/app:v1',
    "111122223333.dkr.ecr.eu-$N-1.amazonaws.com/app:v1",
    `${host}:$PORT/raw/app:v1`,
    `${host}:\${PORT:-443}/orderbook-api@${digest}`,
    "111122223333.dkr.ecr.eu-west-1.${SUFFIX:-amazonaws.com}/app:$TAG",
  ])("put together by a shell as %s is found", (image) => {
    for (const rules of [policy, everywhere]) {
      expect(problemsOf(pin({ spec: { text: `docker pull ${image} && true` } }, rules))).toEqual([
        expect.stringContaining("is known only at run time"),
      ]);
    }
  });

  it.each([
    `"${host}"`,
    `"${host}"/raw/app`,
    `"${api}"`,
    `"${api}": v1`,
    `{"${api}":1.4}`,
    `{"${api}":"v1","b":true}`,
    `{"${api}":true}`,
    `{"${api}":"$TAG"}`,
    `{"${api}":\n"x"}`,
    JSON.stringify(JSON.stringify({ [api]: 1, [ui]: "$TAG" })),
    JSON.stringify({ auths: { [`${host}/app`]: { auth: "x" } } }, null, 2),
    `{'${api}':'v1'}`,
    "111122223333.dkr.ecr.${AWS_REGION}.amazonaws.com",
    "111122223333.dkr.ecr.$REGION.amazonaws.com/app",
    `${host}:$PORT`,
    `${host}:$PORT/app`,
    "999988887777.dkr.ecr.${AWS_REGION}.amazonaws.com/app:v1",
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com:$PORT/app:v1",
  ])("is none in %s", (text) => {
    for (const rules of [policy, everywhere]) {
      expect(pin({ spec: { text } }, rules)).toEqual({
        object: objectWith({ spec: { text } }),
        uses: [],
        problems: [],
      });
    }
  });

  it.each([`-i${api}:1.0`, `docker run --rm -i${api}:1.0 sh`, `-xvi${api}@${digest}`])(
    "glued to a short option, as in %s, is pinned",
    (text) => {
      const { object, problems } = pin({ args: [text] }, everywhere);
      expect([problems, object["args"]]).toEqual([[], [expect.stringContaining(`i${pinned}`)]]);
    },
  );

  it.each(["1.0", "V1", digest])("as an address of its manifest %s is a problem", (reference) => {
    for (const rules of [policy, everywhere]) {
      const url = `https://${host}/v2/orderbook-api/manifests/${reference}`;
      expect(problemsOf(pin({ args: [`curl ${url}`] }, rules))).toEqual([
        expect.stringMatching(
          /^111122223333\S+\/v2\/orderbook-api\/manifests\S* is an address of the registry's API, where nothing pins it -> name the image itself, such as 111122223333\S+\/orderbook-api:latest/,
        ),
      ]);
    }
  });

  it("in a key is a problem, also where texts are pinned", () => {
    expect(pin({ spec: { mirrors: { [worker]: "x" } } }, everywhere).problems).toEqual([
      {
        path: ["spec", "mirrors", worker],
        at: "key",
        message: `${worker} is named in a key, where nothing pins it`,
        remedy: "name it in a value",
      },
    ]);
  });

  it.each([api, `${host}/tools`])(
    "in the copy that kubectl keeps of what it applied last is a problem that removing the copy solves: %s",
    (image) => {
      const copy = {
        "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
          spec: { containers: [{ image: `${image}:1` }] },
        }),
      };
      for (const rules of [policy, everywhere]) {
        const { object, uses, problems } = pin(
          { metadata: { name: "web", annotations: copy } },
          rules,
        );
        expect([object, uses]).toEqual([
          objectWith({ metadata: { name: "web", annotations: copy } }),
          [],
        ]);
        expect(problems).toEqual([
          expect.objectContaining({
            message: `${image}:1 is named in kubectl's copy of what it last applied`,
            remedy: "remove the annotation kubectl.kubernetes.io/last-applied-configuration",
          }),
        ]);
      }
    },
  );

  it("leaves its neighbours in the text as they are", () => {
    const text = `# ${api}:1. Then\n${ui}:2, ${host} and ${api}\nbusybox:1`;
    expect(pin({ spec: { text } }, everywhere).object).toEqual(
      objectWith({
        spec: { text: `# ${pinned}. Then\n${ui}@${digest}, ${host} and ${api}\nbusybox:1` },
      }),
    );
  });

  it.each([
    ["the registry alone", host],
    ["its address", `https://${host}`],
    ["a pull secret", `{"auths":{"${host}":{"auth":"eDp5"}}}`],
    ["a repository without tag and digest", api],
    ["a repository before a colon", `${api}: the API`],
    ["a longer host", `x${api}:1`],
    ["a host below another", `a.${api}:1`],
    ["a path of another registry", `mirror.example/${api}:1`],
    ["another account", "999988887777.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api:1"],
    ["any tag", `${api}:*`],
  ])("is none: %s", (_, text) => {
    expect(pin({ spec: { text } }, everywhere)).toEqual({
      object: objectWith({ spec: { text } }),
      uses: [],
      problems: [],
    });
  });

  it("of a Secret is never shown", () => {
    const { problems } = substituteImages(
      objectWith(
        {
          stringData: { a: `${host}/hidden:1` },
          data: { b: base64(`${worker} ${host}/hidden:$X`) },
        },
        "Secret",
      ),
      policy,
    );
    expect(problems).toHaveLength(3);
    expect(problems.map(({ message, remedy }) => message + remedy).join()).not.toMatch(
      /hidden|orderbook-api:latest/,
    );
  });

  it("takes time that grows with the text alone", () => {
    const text = `${host}/${"a/".repeat(20_000)}\n${host}/${"$(a".repeat(20_000)}\n111122223333.dkr.ecr.${"$a".repeat(20_000)}$${"a".repeat(20_000)}\n"${api}":"${"a ".repeat(20_000)}\n${api}:${"1.".repeat(20_000)}`;
    const before = process.threadCpuUsage();
    pin({ spec: { text } });
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe("pinning, whatever the object", () => {
  const image = constantFrom(api, `${api}:dev-1`, ui, "busybox:1", `${host}/tools`);
  const key = constantFrom(
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "spec",
    "image",
    "reference",
  );
  const { tree } = letrec<{ tree: unknown }>((tie) => ({
    tree: oneof(
      { maxDepth: 6 },
      image,
      integer(),
      array(tie("tree"), { maxLength: 3 }),
      dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const object = dictionary(key, tree, { maxKeys: 4, noNullPrototype: true }).map((rest) =>
    objectWith(rest),
  );

  it.each([policy, everywhere])("changes nothing the second time", (rules) => {
    assert(
      property(object, (given) => {
        const once = substituteImages(given, rules).object;
        expect(substituteImages(once, rules).object).toEqual(once);
      }),
    );
  });

  it("changes nothing as long as no version is known", () => {
    const unknown = { ...everywhere, members: membersOf(["orderbook-api", "orderbook-ui"]) };
    assert(
      property(object, (given) =>
        isDeepStrictEqual(substituteImages(given, unknown).object, given),
      ),
    );
  });

  it("changes as many texts as it counts, each from the repository to its pinned form", () => {
    const only = { ...policy, members: membersOf(["orderbook-api"], digest) };
    assert(
      property(object, (given) => {
        const { object: after, uses } = substituteImages(given, only);
        const [was, is] = [textsOf(given), textsOf(after)];
        const changed = is.flatMap((text, index) =>
          text === was[index] ? [] : [{ from: was[index], to: text }],
        );
        expect(changed.length).toBe(uses.length);
        for (const { from, to } of changed) {
          expect(from).toMatch(/orderbook-api(:dev-1)?$/);
          expect(to).toBe(pinned);
        }
      }),
    );
  });

  it("pins every text that names a member with a tag, or reports it", () => {
    assert(
      property(object, (given) => {
        const { object: after, problems } = substituteImages(given, policy);
        expect(textsOf(after).filter((text) => text === `${api}:dev-1`).length).toBe(
          problems.filter(({ find }) => find === `${api}:dev-1`).length,
        );
      }),
    );
  });
});

function textsOf(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(textsOf)
    : [value];
}

const policyWith = (image: string): Substitution =>
  substituteImages(
    {
      ...objectWith({ spec: { containers: [{ image }] } }, "ClusterPolicy"),
      apiVersion: "kyverno.io/v1",
    },
    policy,
  );

describe("a pattern of a policy, where an image would stand", () => {
  it.each(["!*:latest", "*:*", "ghcr.io/* | quay.io/*"])("%s is no image", (pattern) => {
    expect(problemsOf(policyWith(pattern))).toEqual([]);
  });

  it("names no image of the registry unpinned", () => {
    expect(problemsOf(policyWith(`!${api}:1`))).not.toEqual([]);
  });

  it("is a fault where kubelet would run it", () => {
    expect(problemsOf(pinImage("*:*"))).not.toEqual([]);
  });
});
