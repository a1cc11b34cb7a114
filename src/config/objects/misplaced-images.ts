import type { Registry } from "../../domain/configuration.ts";
import { imageName, parseReference } from "../../domain/image/reference.ts";
import { isRecord } from "../../domain/json.ts";
import { mapTexts } from "../../domain/pod-spec/map-texts.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Finding } from "../fault.ts";

/**
 * The images of an object that have the name of a repository, and are in another registry than the
 * one of promoter.yml: most likely it was meant.
 */
export function misplacedImages(
  value: unknown,
  { registry, repository }: { readonly registry: Registry; readonly repository: string },
): readonly Finding[] {
  if (!isRecord(value)) return [];
  const findings: Finding[] = [];
  mapTexts(value as KubernetesObject, {
    change(text, { kind, path }) {
      const reference = kind === "image" ? parseReference(text) : undefined;
      if (reference?.path === repository) {
        const ours = `registry ${registry.account} in ${registry.region}`;
        findings.push({
          path,
          message: `this is ${repository} of ${reference.host ?? "Docker Hub"}, and promoter.yml has ${ours}`,
          remedy: `write ${imageName(registry, repository)}, or correct \`registry\` in promoter.yml`,
        });
      }
      return text;
    },
    onOddImage: () => undefined,
  });
  return findings;
}
