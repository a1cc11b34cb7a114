import { describe, expect, it } from "vitest";
import { base, deployment, host, told } from "./shop-project.ts";

const elsewhere = "999988887777.dkr.ecr.eu-west-1.amazonaws.com";

describe("another registry", () => {
  it.each([elsewhere, "111122223333.dkr-ecr.us-east-1.on.aws"])(
    "of ECR, %s, is a fault at its line, although another object runs the member",
    async (registry) => {
      const other = deployment.replace("name: api }", "name: job }").replace(host, registry);
      expect(await told(base, deployment, other)).toEqual([
        `deploy/1.yaml:10:31 this is shop-api of ${registry}, and promoter.yml has registry 111122223333 in eu-west-1 -> write ${host}/shop-api, or correct \`registry\` in promoter.yml`,
      ]);
    },
  );

  it("that is none of ECR may have an image of the same name beside the member", async () => {
    const other = deployment.replace("name: api }", "name: job }").replace(host, "ghcr.io");
    expect(await told(base, deployment, other)).toEqual([]);
  });

  it.each([
    [
      elsewhere,
      "(here it is account 999988887777 in eu-west-1), and versions come from their tags; `registry` has account 111122223333 in eu-west-1: the two differ, so correct `registry` if the image is right",
    ],
    [host, "(here it is account 111122223333 in eu-west-1), and versions come from their tags"],
  ])("in a member, %s, is told, and whether it is the same", async (registry, remark) => {
    const [fault = ""] = await told(
      base.replace("[shop-api]", `[${registry}/shop-api]`),
      deployment,
    );
    expect(fault.replace(/^.* under `registry` /, "")).toBe(remark);
  });
});

describe("a value that a bare # made a comment", () => {
  it.each([
    [
      "in a ConfigMap",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  COLOR: #ff0000\n",
      'data.COLOR is empty -> put it in quotes: "#ff0000" (a bare # begins a comment)',
    ],
    [
      "as a name",
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: #@ data.values.name\ndata: {}\n",
      'metadata.name is empty -> put it in quotes: "#@" (a bare # begins a comment)',
    ],
    [
      "as an image",
      deployment
        .replace(/ - \{ name: api[^]*/, " - name: api\n          image: #shop\n")
        .replace("name: api }", "name: b }"),
      'spec.template.spec.containers[0].image is empty -> put it in quotes: "#shop" (a bare # begins a comment)',
    ],
  ])("%s is explained", async (_, object, fault) => {
    expect(await told(base, deployment, object)).toEqual([expect.stringContaining(fault)]);
  });
});

it.each(["70000", "0", "1e400"])("the port %s of a Service is told its range", async (port) => {
  const service = `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: ${port} }] }\n`;
  expect((await told(base, deployment, service)).at(-1)).toMatch(/from 1 to 65535/);
});

it.each(["${NAME}", "$(NAME)", "{{ name }}"])("nothing replaces %s in a name", async (name) => {
  const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "${name}" }\n`;
  expect(await told(base, deployment, object)).toEqual([
    expect.stringMatching(/-> write the name itself: nothing replaces variables in objects$/),
  ]);
});

it.each([
  ["[]", "must be a map, not a list"],
  ["", "is empty"],
])("a promoter.yml that holds %j is told all that it must hold", async (text, message) => {
  expect(await told(text)).toEqual([
    `1:1 the configuration ${message} -> write it as { registry: …, clusters: …, applications: … }, of which you may omit all but registry, applications`,
  ]);
});
