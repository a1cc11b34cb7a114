import { shortHash } from "../../domain/hash.ts";
import type { Question } from "../../domain/message.ts";
import { describeObservation } from "../../domain/observation.ts";
import { knownVersions, tagsOnly, type Difference, type Plan } from "../../domain/plan.ts";
import {
  describeChange,
  describeKept,
  describeRestarts,
  describeWriters,
  othersFirst,
} from "../../domain/pod-spec/describe-change.ts";
import type { Verdict } from "../../domain/rules/rule.ts";
import { escapeMarkup, oneLine, plainText } from "./plain-text.ts";
import {
  footnoteBlock,
  imageBlocks,
  releaseName,
  titleBlock,
  versionField,
} from "./release-blocks.ts";
import {
  dateElement,
  labelledFields,
  listBlocks,
  person,
  sentence,
  type Block,
  type Field,
} from "./rich-text.ts";

export interface SlackMessage {
  /** What a notification shows; Slack reads it as markup. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** How a message of ours is found again. */
export const approvalEvent = "promoter_approval";
export const actions = { approve: "promoter_approve", reject: "promoter_reject" } as const;

/**
 * All that people need to decide. What comes from outside stands in plain and rich text only, where
 * Slack reads no markup.
 */
export function questionMessage(question: Question): SlackMessage {
  const { promotion, plan } = question;
  const environment = oneLine(promotion.environment, 40);
  const title = plan.back
    ? `Go back to ${releaseName(promotion)} in ${environment}?`
    : `Promote ${releaseName(promotion)} to ${environment}?`;
  return {
    text: escapeMarkup(title),
    blocks: [
      titleBlock(title),
      labelledFields(fieldsOf(question)),
      ...(promotion.reason === undefined
        ? []
        : [sentence([{ type: "text", text: `Why: ${oneLine(promotion.reason, 500)}` }])]),
      ...imageBlocks(plan),
      ...listBlocks({
        title: rulesTitle(question.verdicts),
        lines: question.verdicts.toSorted(comparePasses).map(verdictLine),
        budget: 2_300,
      }),
      ...changeBlocks(question),
      approversOf(question),
      buttonsOf(question),
      footnoteBlock(`${promotion.id} · plan ${shortHash(question.hash)}`),
    ],
  };
}

function fieldsOf({ promotion, plan, deadline, required }: Question): readonly Field[] {
  return [
    versionField(plan),
    placeField(plan),
    [
      "Requested by",
      promotion.requester === undefined
        ? "a push (requester unknown)"
        : oneLine(promotion.requester, 80),
    ],
    [
      "Answer by",
      `${new Date(deadline).toISOString().slice(0, 16).replace("T", " ")} UTC`,
      dateElement(deadline),
    ],
    ["Approvals needed", String(required)],
    ...(plan.observe
      ? [["Observed after the rollout", oneLine(describeObservation(plan.observe), 300)] as const]
      : []),
  ];
}

function placeField({ cluster, namespace }: Plan): Field {
  return cluster === undefined
    ? ["Deploys", tagsOnly]
    : ["Cluster and namespace", `${oneLine(cluster, 100)} / ${oneLine(namespace ?? "", 63)}`];
}

function rulesTitle(verdicts: readonly Verdict[]): string {
  const passed = verdicts.filter(({ kind }) => kind === "pass").length;
  return `Rules: ${passed} of ${verdicts.length} pass`;
}

function comparePasses(one: Verdict, other: Verdict): number {
  return Number(one.kind === "pass") - Number(other.kind === "pass");
}

/** Most reasons begin with their subject. */
function verdictLine({ kind, rule, subject, reason }: Verdict): string {
  const about = reason.startsWith(subject) ? "" : ` ${oneLine(subject, 64)}`;
  return `${kind} ${oneLine(rule, 40)}${about}: ${oneLine(reason, 180 - about.length)}`;
}

function changeBlocks({ plan, promotion, differences }: Question): readonly Block[] {
  if (plan.cluster === undefined) return [];
  const versions = knownVersions(plan, promotion);
  const lines = [
    ...differences.flatMap((one) => differenceLines(one, versions)),
    ...(differences.length > 0 ? [oneLine(describeRestarts(differences), 180)] : []),
  ];
  return listBlocks({ title: changesTitle(differences), lines, budget: 2_300 });
}

function changesTitle(differences: readonly Difference[]): string {
  const count = (kind: Difference["kind"]): number =>
    differences.filter((difference) => difference.kind === kind).length;
  const unchecked = differences.filter((difference) => difference.unchecked).length;
  const note = unchecked === 0 ? "" : `, ${unchecked} not yet checked by the server`;
  return `Cluster: ${count("create")} created, ${count("change")} changed, ${count("same")} unchanged${note}`;
}

const signs = { create: "+", change: "~" } as const;

function differenceLines(
  difference: Difference,
  versions: ReadonlyMap<string, string>,
): readonly string[] {
  const { object, kind, fields } = difference;
  if (kind === "same") return [];
  return [
    `${signs[kind]} ${object}`,
    ...othersFirst(fields).map((field) => {
      const change = `${changeText(field, versions)}${describeWriters(field)}`;
      return `  ${oneLine(field.path, 90)}: ${oneLine(change, 230)}`;
    }),
    ...describeKept(difference).map((text) => `  ${oneLine(text, 140)}`),
  ];
}

function changeText(
  { path, from, to }: Difference["fields"][number],
  versions: ReadonlyMap<string, string>,
): string {
  const values = { path, from: asOneLine(from), to: asOneLine(to) };
  if (values.from === values.to) return "differs only in spaces or control characters";
  const shown = describeChange(values, { maxLength: 64, versions });
  return `${shown.from ?? "(none)"} → ${shown.to ?? "(none)"}`;
}

function asOneLine(value: string | undefined): string | undefined {
  return value === undefined ? undefined : oneLine(value, Infinity);
}

const maxNames = 40;

function approversOf({ approvers }: Question): Block {
  const names = approvers
    .slice(0, maxNames)
    .flatMap((approver) => [person(approver), { type: "text", text: " " }]);
  const left = approvers.length - maxNames;
  return sentence([
    { type: "text", text: "Approvers: " },
    ...names,
    ...(left > 0 ? [{ type: "text", text: `and ${left} more` }] : []),
  ]);
}

function buttonsOf({ promotion, hash, plan }: Question): Block {
  const value = JSON.stringify({ promotion: promotion.id, hash });
  const release = `${oneLine(promotion.application, 60)} ${oneLine(promotion.version, 80)}`;
  const place = plan.cluster === undefined ? `(${tagsOnly})` : `on ${oneLine(plan.cluster, 60)}`;
  const target = `${oneLine(promotion.environment, 60)} ${place}`;
  const confirm = {
    title: plainText("Are you sure?"),
    text: plainText(`${release} ${plan.back ? "comes back" : "goes"} to ${target}.`),
    confirm: plainText("Approve"),
    deny: plainText("Not yet"),
    style: "primary",
  };
  return {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: actions.approve,
        text: plainText("Approve"),
        style: "primary",
        value,
        confirm,
      },
      {
        type: "button",
        action_id: actions.reject,
        text: plainText("Reject"),
        style: "danger",
        value,
      },
    ],
  };
}
