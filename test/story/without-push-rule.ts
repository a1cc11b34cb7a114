import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";

/** Pushes start nothing; all that is promoted is promoted by hand. */
export function withoutPushRule(template: Template): Template {
  return {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).filter(([id]) => id !== "PushRule"),
    ),
  };
}
