import type { Registry } from "../../domain/configuration.ts";
import { imageName, parseReference } from "../../domain/image/reference.ts";
import { isHostOf } from "../../domain/image/registry-host.ts";
import { isRecord } from "../../domain/json.ts";
import { mapTexts } from "../../domain/pod-spec/map-texts.ts";
import type { Finding } from "../fault.ts";
import { asObject } from "./as-object.ts";

export interface MemberImages {
  readonly registry: Registry;
  readonly repository: string;
  /** That no object runs from the registry. */
  readonly isUnused: boolean;
}

/**
 * The images of an object that have the name of a member, and are in another registry than the one
 * of promoter.yml. Another one of ECR is a mistake in any case, and one elsewhere if nothing else
 * runs the member: most likely it was meant.
 */
export function misplacedImages(
  value: unknown,
  { registry, repository, isUnused }: MemberImages,
): readonly Finding[] {
  if (!isRecord(value)) return [];
  const findings: Finding[] = [];
  mapTexts(asObject(value), {
    change(text, { kind, path }) {
      const reference = kind === "image" ? parseReference(text) : undefined;
      const isMisplaced = isUnused ? isElsewhere : isOtherEcr;
      if (reference?.path === repository && isMisplaced(registry, reference.host)) {
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

function isElsewhere(registry: Registry, host: string | undefined): boolean {
  return host === undefined || !isHostOf(registry, host);
}

function isOtherEcr(registry: Registry, host: string | undefined): boolean {
  return /^\d{12}\.dkr[.-]ecr/i.test(host ?? "") && isElsewhere(registry, host);
}
