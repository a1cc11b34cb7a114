import { shortDigest } from "../../domain/image/digest.ts";
import type { Plan, PlannedMember } from "../../domain/plan.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { oneLine, plainText } from "./plain-text.ts";
import { listBlocks, type Block, type Field } from "./rich-text.ts";

/** What a question and the message that takes its place show alike. */

/** `orderbook 1.4.2`. */
export function releaseName({
  application,
  version,
}: Pick<Promotion, "application" | "version">): string {
  return `${oneLine(application, 40)} ${oneLine(version, 60)}`;
}

export function titleBlock(title: string): Block {
  return { type: "header", text: plainText(oneLine(title, 150)) };
}

export function footnoteBlock(text: string): Block {
  return { type: "context", elements: [plainText(oneLine(text, 200))] };
}

export function versionField({
  fromVersion,
  version,
  back,
}: Pick<Plan, "fromVersion" | "version" | "back">): Field {
  const from = fromVersion === undefined ? "nothing runs yet" : oneLine(fromVersion, 60);
  return ["Version", `${from} → ${oneLine(version, 60)}${back ? " (going back)" : ""}`];
}

export function imageBlocks({ members }: Pick<Plan, "members">): readonly Block[] {
  return listBlocks({ title: "Images", lines: members.map(memberLine), budget: 4_400 });
}

function memberLine({ repository, digest, releaseTag, movingTag }: PlannedMember): string {
  const image = `${oneLine(repository, 64)} ${shortDigest(digest)}`;
  const tags = [releaseTag ?? [], movingTag ?? []].flat().map((tag) => oneLine(tag, 64));
  return tags.length === 0 ? image : `${image} → ${tags.join(", ")}`;
}
