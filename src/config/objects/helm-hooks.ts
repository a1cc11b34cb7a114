import { textAt } from "../../domain/json.ts";
import type { Finding } from "../fault.ts";

const annotation = "helm.sh/hook";

/**
 * Hooks of Helm: objects that Helm itself creates at a moment of an installation, and deletes. Any
 * other tool would apply them with the rest. Source: helm.sh/docs/topics/charts_hooks.
 */
export function helmHookFindings(object: unknown): readonly Finding[] {
  const hook = textAt(object, "metadata", "annotations", annotation);
  if (hook === undefined) return [];
  const isTest = hook.split(",").every((moment) => /^test(?:-|$)/.test(moment.trim()));
  return [
    {
      path: ["metadata", "annotations", annotation],
      message: `this is a hook of Helm (${hook}), which only Helm itself runs`,
      remedy: isTest
        ? "omit the tests: helm template --skip-tests"
        : "omit the hooks: helm template --no-hooks; " +
          "or replace the annotation, by promoter/phase: before on a Job that must succeed first",
    },
  ];
}
