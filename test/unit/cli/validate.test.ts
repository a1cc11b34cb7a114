import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { validate } from "../../../cli/commands/validate.ts";

const root = join(import.meta.dirname, "../../..");

async function printed(options: Partial<Parameters<typeof validate>[0]> = {}): Promise<string> {
  const lines: string[] = [];
  await validate(
    { root, config: "promoter.yml", ...options },
    {
      line: (text = "") => void lines.push(text),
      error: () => undefined,
      style: (_, text) => text,
      interactive: false,
    },
  );
  return lines.join("\n");
}

it("says nothing beyond what the project holds where nothing is to be known", async () => {
  expect(await printed()).not.toContain("Note");
  expect(JSON.parse(await printed({ json: true }))).toMatchObject({ valid: true, notes: [] });
});

it("prints notes for people and for programs; the project is valid", async () => {
  const place = await mkdtemp(join(tmpdir(), "promoter-validate-"));
  onTestFinished(() => rm(place, { recursive: true }));
  await cp(join(root, "promoter.yml"), join(place, "promoter.yml"));
  await cp(join(root, "deploy"), join(place, "deploy"), { recursive: true });
  await writeFile(join(place, "deploy/orderbook/role.yaml"), role);
  expect(await printed({ root: place })).toMatch(
    /\nNote on orderbook\/production: Role orderbook\/reader: .* needs escalate there.*\npromoter.yml is valid.$/,
  );
  expect(JSON.parse(await printed({ root: place, json: true }))).toMatchObject({
    valid: true,
    notes: [{ application: "orderbook", environment: "production" }],
  });
});

const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [configmaps], verbs: [get] }]
`;
