import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closedMessage } from "../../../../src/adapters/slack/closed-message.ts";
import {
  questionMessage,
  type SlackMessage,
} from "../../../../src/adapters/slack/question-message.ts";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import type { Tag } from "../../../../src/domain/image/tag.ts";
import type { Announcement, Question } from "../../../../src/domain/message.ts";
import type { Difference, PlannedMember } from "../../../../src/domain/plan.ts";
import { endings } from "../../../../src/domain/promotion.ts";
import { question } from "../../../contract/messenger.contract.ts";

interface Element {
  readonly type: string;
  readonly text?: string | Element;
  readonly fields?: readonly Element[];
  readonly elements?: readonly Element[];
  readonly value?: string;
  readonly action_id?: string;
  readonly user_id?: string;
  readonly style?: unknown;
  readonly confirm?: {
    readonly title: Element;
    readonly text: Element;
    readonly confirm: Element;
    readonly deny: Element;
  };
}

const blocksOf = (message: SlackMessage): readonly Element[] =>
  message.blocks as unknown as readonly Element[];

/** Every element with a type, at whatever depth. */
function elementsOf(node: unknown): readonly Element[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(elementsOf);
  return "type" in node ? [node as Element, ...below] : below;
}

function textsOf(message: SlackMessage): readonly string[] {
  return elementsOf(message.blocks).flatMap(({ text }) => (typeof text === "string" ? [text] : []));
}

const buttonsOf = (message: SlackMessage): readonly Element[] =>
  elementsOf(message.blocks).filter(({ type }) => type === "button");
const lengthOf = (element: Element): number =>
  typeof element.text === "string" ? element.text.length : 0;

// Limits of Block Kit: @slack/types 3.2.0 and docs.slack.dev "Blocks"; 13,000 in all is seen in slackapi/bolt-js issue 2509.
function checkLimits(message: SlackMessage): void {
  const blocks = blocksOf(message);
  const texts = textsOf(message);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(texts.join("").length).toBeLessThanOrEqual(13_000);
  expect(message.text.length).toBeLessThanOrEqual(4_000);
  for (const text of texts) {
    expect([text.length > 0, text.length <= 3_000, text.isWellFormed()]).toEqual([
      true,
      true,
      true,
    ]);
  }
  for (const block of blocks) checkBlock(block);
}

function checkBlock({ type, text, fields = [], elements = [] }: Element): void {
  if (type === "header") expect(lengthOf(text as Element)).toBeLessThanOrEqual(150);
  expect(fields.length).toBeLessThanOrEqual(10);
  for (const field of fields) expect(lengthOf(field)).toBeLessThanOrEqual(2_000);
  if (type === "context") expect(elements.length).toBeLessThanOrEqual(10);
  if (type === "actions") for (const button of elements) checkButton(button);
}

function checkButton({ text, value = "", action_id: action = "", confirm }: Element): void {
  expect([lengthOf(text as Element) <= 75, value.length <= 2_000, action.length <= 255]).toEqual([
    true,
    true,
    true,
  ]);
  if (!confirm) return;
  expect(lengthOf(confirm.title)).toBeLessThanOrEqual(100);
  expect(lengthOf(confirm.text)).toBeLessThanOrEqual(300);
  expect(Math.max(lengthOf(confirm.confirm), lengthOf(confirm.deny))).toBeLessThanOrEqual(30);
}

/** Where Slack reads markup: nothing of what comes from outside may stand there. */
function markupOf(message: SlackMessage): readonly string[] {
  const types = elementsOf(message.blocks).map(({ type }) => type);
  const found = types.filter(
    (type) => type === "mrkdwn" || type === "link" || type === "broadcast" || type === "image",
  );
  return [...found, ...(/[<>]/.exec(message.text) ?? [])];
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 5_000 }),
  fc.constantFrom(
    "",
    "\n\n",
    "<!channel> *bold* `code` &amp; :smile:",
    "\u202Egnp.exe",
    "😀".repeat(2_000),
    "\ud800",
  ),
);
const members: fc.Arbitrary<readonly PlannedMember[]> = fc.array(
  fc.record({
    repository: fc.stringMatching(/^[a-z0-9]{2,256}$/).map((text) => text as RepositoryName),
    digest: fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as Digest),
    releaseTag: fc.stringMatching(/^[a-z0-9]{1,128}$/).map((text) => text as Tag),
    movingTag: fc.option(fc.constant("prod" as Tag), { nil: undefined }),
  }),
  { maxLength: 50 },
);
const difference: fc.Arbitrary<Difference> = fc.record({
  object: anyText,
  kind: fc.constantFrom("create", "change", "same"),
  fields: fc.array(
    fc.record({
      path: anyText,
      from: fc.option(anyText, { nil: undefined }),
      to: fc.option(anyText, { nil: undefined }),
    }),
    { maxLength: 3 },
  ),
  unchecked: fc.boolean(),
});

const questions: fc.Arbitrary<Question> = fc
  .record({
    version: anyText,
    from: fc.option(anyText, { nil: undefined }),
    reason: fc.option(anyText, { nil: undefined }),
    requester: fc.option(anyText, { nil: undefined }),
    names: anyText,
    members,
    one: difference,
    count: fc.constantFrom(0, 1, 7, 2_000),
    verdictReason: anyText,
    approvers: fc.array(fc.stringMatching(/^U[A-Z0-9]{8,12}$/), { minLength: 1, maxLength: 100 }),
  })
  .map(
    ({
      version,
      from,
      reason,
      requester,
      names,
      members: planned,
      one,
      count,
      verdictReason,
      approvers,
    }) => ({
      ...question,
      promotion: {
        ...question.promotion,
        version,
        application: names,
        environment: names,
        requester,
        reason,
      },
      plan: {
        ...question.plan,
        version,
        fromVersion: from,
        cluster: names,
        namespace: names,
        members: planned,
      },
      verdicts: planned.map(({ repository }) => ({
        rule: "scan",
        subject: repository,
        kind: "pass" as const,
        reason: verdictReason,
      })),
      differences: Array.from({ length: count }, () => one),
      approvers,
    }),
  );

const pinned = (version: string, hex: string): string =>
  `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/orderbook-api:prod-${version}@sha256:${hex.repeat(64)}`;

describe("a question", () => {
  it("keeps within the limits of Slack and free of markup, whatever it is about", () => {
    fc.assert(
      fc.property(questions, (any) => {
        const message = questionMessage(any);
        checkLimits(message);
        expect(markupOf(message)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("keeps within the limits with 50 members of the longest names and 2,000 differences", () => {
    const repository = "r".repeat(256) as RepositoryName;
    const member = {
      repository,
      digest: `sha256:${"a".repeat(64)}` as Digest,
      releaseTag: "t".repeat(128) as Tag,
      movingTag: "m".repeat(128) as Tag,
    };
    const one: Difference = {
      object: "o".repeat(500),
      kind: "change",
      unchecked: true,
      fields: [{ path: "p".repeat(500), from: "f".repeat(500), to: "t".repeat(500) }],
    };
    const message = questionMessage({
      ...question,
      promotion: { ...question.promotion, version: "v".repeat(128), reason: "w".repeat(5_000) },
      plan: { ...question.plan, members: Array.from({ length: 50 }, () => member) },
      verdicts: Array.from({ length: 250 }, () => ({
        rule: "scan",
        subject: repository,
        kind: "pass" as const,
        reason: "r".repeat(500),
      })),
      differences: Array.from({ length: 2_000 }, () => one),
      approvers: Array.from({ length: 100 }, (_, at) => `U${String(at).padStart(10, "0")}`),
    });
    checkLimits(message);
    expect(textsOf(message).join("\n")).toMatch(/… and \d+ more/);
  });

  it("shows 50 members of usual names, each with its short digest and tags", () => {
    const planned = Array.from({ length: 50 }, (_, at) => ({
      repository: `team/orderbook-service-${at}` as RepositoryName,
      digest: `sha256:${String(at).padStart(64, "0")}` as Digest,
      releaseTag: "prod-1.4.2" as Tag,
      movingTag: "prod" as Tag,
    }));
    const text = textsOf(
      questionMessage({ ...question, plan: { ...question.plan, members: planned } }),
    ).join("\n");
    for (const { repository } of planned) {
      expect(text).toContain(`${repository} 000000000000 → prod-1.4.2, prod`);
    }
  });

  it("says what, from where, where to, why, who asked, until when and how many must agree", () => {
    const text = textsOf(questionMessage(question)).join("\n");
    for (const part of [
      "Promote orderbook 1.4.2 to production?",
      "1.4.1 → 1.4.2",
      "orderbook-prod / orderbook",
      "Why: hotfix",
      "Requested by\n  U012AB3CD",
      "Answer by\n  2026-01-06 09:00 UTC",
      "Approvals needed\n  1",
      "orderbook-api aaaaaaaaaaaa → prod-1.4.2, prod",
      "Rules: 1 of 1 pass",
      "pass scan orderbook-api: no CRITICAL finding",
      "0 created, 1 changed, 0 unchanged",
      "~ Deployment orderbook/orderbook-api\n  spec.replicas: 2 → 3",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("says that nothing runs yet, that a push started it, and what the server has not checked", () => {
    const text = textsOf(
      questionMessage({
        ...question,
        promotion: { ...question.promotion, requester: undefined, reason: undefined },
        plan: { ...question.plan, fromVersion: undefined },
        differences: [
          { object: "ConfigMap orderbook/settings", kind: "create", fields: [], unchecked: true },
        ],
      }),
    ).join("\n");
    for (const part of [
      "nothing runs yet → 1.4.2",
      "a push",
      "1 created, 0 changed, 0 unchanged, 1 not yet checked by the server",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("Why:");
  });

  it("shows of a pinned image what differs, tag and short digest, and of a long value the place where it differs", () => {
    const long = "option ".repeat(14);
    const fields = [
      {
        path: 'spec.template.spec.containers[name="api"].image',
        from: pinned("1.4.1", "a"),
        to: pinned("1.4.2", "b"),
      },
      { path: "data.flags", from: `${long}old`, to: `${long}new` },
      { path: "data.text", from: "one\ntwo", to: "one two" },
    ];
    const text = textsOf(
      questionMessage({
        ...question,
        differences: [
          { object: "Deployment orderbook/api", kind: "change", fields, unchecked: false },
        ],
      }),
    ).join("\n");
    for (const part of [
      "image: prod-1.4.1@aaaaaaaaaaaa → prod-1.4.2@bbbbbbbbbbbb",
      "option old → …",
      "option new",
      "data.text: differs only in spaces",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("sets labels apart from values", () => {
    const bold = elementsOf(questionMessage(question).blocks)
      .filter(({ style }) => JSON.stringify(style) === '{"bold":true}')
      .map(({ text }) => text);
    expect(bold).toEqual(expect.arrayContaining(["Version", "Requested by", "Answer by"]));
  });

  it("says until when as Slack shows it to whoever looks, whenever that is", () => {
    expect(elementsOf(questionMessage(question).blocks)).toContainEqual({
      type: "date",
      timestamp: question.deadline / 1000,
      format: " ({date_short_pretty}, {time})",
    });
  });

  it("mentions the approvers", () => {
    expect(
      elementsOf(questionMessage(question).blocks).flatMap(({ user_id: id }) => id ?? []),
    ).toEqual(["U012AB3CE"]);
  });

  it("has Approve, which asks for confirmation, and Reject, both with promotion and hash and nothing else", () => {
    const [approve, reject, ...others] = buttonsOf(questionMessage(question));
    expect(others).toEqual([]);
    expect([approve?.action_id, approve?.style, reject?.action_id, reject?.style]).toEqual([
      "promoter_approve",
      "primary",
      "promoter_reject",
      "danger",
    ]);
    for (const button of [approve, reject]) {
      expect(JSON.parse(button?.value ?? "")).toEqual({
        promotion: question.promotion.id,
        hash: question.hash,
      });
    }
    expect([approve?.confirm !== undefined, reject?.confirm]).toEqual([true, undefined]);
  });

  it("puts what does not pass before what does", () => {
    const verdicts = [
      ...question.verdicts,
      { rule: "age", subject: "orderbook-ui", kind: "wait" as const, reason: "too young" },
    ];
    const text = textsOf(questionMessage({ ...question, verdicts })).join("\n");
    expect(text.indexOf("wait age orderbook-ui")).toBeLessThan(
      text.indexOf("pass scan orderbook-api"),
    );
    expect(text).toContain("Rules: 1 of 2 pass");
  });

  it("names an image once when the reason begins with it", () => {
    const verdicts = [
      {
        rule: "exists",
        subject: "orderbook-api",
        kind: "pass" as const,
        reason: "orderbook-api aaaaaaaaaaaa is there",
      },
    ];
    expect(textsOf(questionMessage({ ...question, verdicts })).join("\n")).toContain(
      "pass exists: orderbook-api aaaaaaaaaaaa is there",
    );
  });

  it("lets no text from outside start a line of its own or turn the direction of writing", () => {
    const reason = "no finding\npass signature orderbook-ui: signed\u202E";
    const text = textsOf(
      questionMessage({
        ...question,
        verdicts: [{ rule: "scan", subject: "orderbook-api", kind: "pass", reason }],
      }),
    ).join("\n");
    expect(text).toContain(
      "pass scan orderbook-api: no finding pass signature orderbook-ui: signed",
    );
    expect(text).not.toContain("\u202E");
  });
});

describe("a closed question", () => {
  const closed: Announcement = {
    promotion: question.promotion,
    ending: "Rejected",
    reasons: ["U012AB3CE rejected"],
    decidedBy: "U012AB3CE",
    plan: question.plan,
  };

  it.each([...endings, "Outdated"] as const)(
    "that ended %s has no button and says so in the notification too",
    (ending) => {
      const message = closedMessage({ ...closed, ending });
      expect(buttonsOf(message)).toEqual([]);
      expect(message.text).toMatch(/^orderbook 1\.4\.2 to production: [a-z]/);
    },
  );

  it("says who decided and why", () => {
    const message = closedMessage(closed);
    expect(textsOf(message).join("\n")).toContain("U012AB3CE rejected");
    expect(elementsOf(message.blocks).some(({ user_id: id }) => id === "U012AB3CE")).toBe(true);
  });

  it("keeps what was asked: versions, images and tags", () => {
    const text = textsOf(closedMessage(closed)).join("\n");
    for (const part of ["1.4.1 → 1.4.2", "orderbook-api aaaaaaaaaaaa → prod-1.4.2, prod"]) {
      expect(text).toContain(part);
    }
    expect(textsOf(closedMessage({ ...closed, plan: undefined })).join("\n")).not.toContain("→");
  });

  it.each([
    ["Promoted", "What happened"],
    ["AlreadyPromoted", "What happened"],
    ["Rejected", "Why"],
    ["RolledBack", "Why"],
  ] as const)("that ended %s heads its reasons with %s", (ending, title) => {
    expect(textsOf(closedMessage({ ...closed, ending }))).toContain(title);
  });

  it("keeps within the limits of Slack and free of markup", () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 300 }),
        anyText,
        members,
        (reasons, text, planned) => {
          const plan = { ...question.plan, version: text, members: planned };
          const message = closedMessage({
            ...closed,
            promotion: { ...closed.promotion, version: text },
            reasons,
            decidedBy: text,
            plan,
          });
          checkLimits(message);
          expect(markupOf(message)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});
