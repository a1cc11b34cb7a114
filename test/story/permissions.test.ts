import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld } from "./start-world.ts";

type RoleText = (text: string) => string;

/** The stack with what the role's policies say, as JSON, changed. */
function withRole(id: string, change: RoleText): (template: Template) => Template {
  return (template) => {
    const role = template.Resources[id];
    if (!role) throw new Error(`there is no role ${id}`);
    const changed = change(JSON.stringify(role));
    if (changed === JSON.stringify(role)) throw new Error(`nothing was changed in ${id}`);
    return {
      ...template,
      Resources: { ...template.Resources, [id]: JSON.parse(changed) as typeof role },
    };
  };
}

describe("a role that lacks a permission is denied as AWS would", () => {
  test.each([
    [
      "a partition of the table",
      (text) => text.replace('"PROMO#*"', '"OTHER#*"'),
      "dynamodb:GetItem",
    ],
    [
      "a repository",
      (text) => text.replaceAll("repository/orderbook-api", "repository/orderbook"),
      "ecr:BatchGetImage",
    ],
    [
      "an action",
      (text) => text.replace('"ecr:DescribeImageScanFindings"', '"ecr:DescribeImages"'),
      "ecr:DescribeImageScanFindings",
    ],
  ] as const satisfies readonly (readonly [string, RoleText, string])[])(
    "%s",
    async (_, change, action) => {
      const world = await startWorld({
        yaml: withoutApproval,
        changeTemplate: withRole("VerifyImagesRole", change),
      });
      await world.pushRelease("1.4.2");
      expect(await world.ending()).toBe("Failed");
      const denied = world.cloud.calls.calls.filter(({ outcome }) => outcome === "denied");
      expect(denied.map((call) => call.action)).toContain(action);
    },
  );

  test.each(["inspector2:ListFindings", "inspector2:ListCoverage"])(
    "%s, with which ECR reads enhanced findings in the caller's name",
    async (action) => {
      const changeTemplate = withRole("VerifyImagesRole", (text) =>
        text.replace(`"${action}"`, '"inspector2:GetMember"'),
      );
      const world = await startWorld({
        yaml: withoutApproval,
        scanning: { type: "ENHANCED" },
        changeTemplate,
      });
      await world.pushRelease("1.4.2");
      expect(await world.ending()).toBe("Failed");
      expect(await world.reasons()).toContain(`not authorized to perform: ${action}`);
    },
  );

  test("with basic scanning nothing of Inspector is asked for", async () => {
    const changeTemplate = withRole("VerifyImagesRole", (text) =>
      text.replaceAll('"inspector2:', '"other:'),
    );
    const world = await startWorld({
      yaml: withoutApproval,
      scanning: { type: "BASIC" },
      changeTemplate,
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
  });
});
