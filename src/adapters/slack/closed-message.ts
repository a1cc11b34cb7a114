import type { Announcement } from "../../domain/message.ts";
import { goodEndings } from "../../domain/promotion.ts";
import { escapeMarkup, oneLine } from "./plain-text.ts";
import type { SlackMessage } from "./question-message.ts";
import {
  footnoteBlock,
  imageBlocks,
  releaseName,
  titleBlock,
  versionField,
} from "./release-blocks.ts";
import { labelledFields, listBlocks, person, sentence } from "./rich-text.ts";

const words: Readonly<Record<Announcement["ending"], string>> = {
  Promoted: "promoted",
  AlreadyPromoted: "was already promoted",
  Planned: "planned",
  Incomplete: "incomplete",
  Refused: "refused",
  WaitExpired: "waited too long",
  Rejected: "rejected",
  Expired: "not answered in time",
  Superseded: "superseded",
  Cancelled: "cancelled",
  RolledBack: "rolled back",
  Failed: "failed",
  Outdated: "the plan changed, this question is outdated",
  Repeated: "asked twice, please answer the other message",
};

/**
 * Takes the place of the question: blocks that are left out would stay (chat.update), so all of
 * them are sent, without buttons.
 */
export function closedMessage({
  promotion,
  ending,
  reasons,
  decidedBy,
  plan,
}: Announcement): SlackMessage {
  const title = `${releaseName(promotion)} to ${oneLine(promotion.environment, 40)}: ${words[ending]}`;
  return {
    text: escapeMarkup(title),
    blocks: [
      titleBlock(title),
      ...(decidedBy === undefined
        ? []
        : [sentence([{ type: "text", text: "Decided by " }, person(decidedBy)])]),
      ...(reasons.length === 0
        ? []
        : listBlocks({
            title: goodEndings.some((good) => good === ending) ? "What happened" : "Why",
            lines: reasons,
            budget: 2_800,
          })),
      ...(plan === undefined ? [] : [labelledFields([versionField(plan)]), ...imageBlocks(plan)]),
      footnoteBlock(promotion.id),
    ],
  };
}
