import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageRef } from "../../src/domain/approval.ts";
import type { Digest } from "../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import type { Tag } from "../../src/domain/image/tag.ts";
import type { Question } from "../../src/domain/message.ts";
import type { Messenger } from "../../src/ports/messenger.ts";

export interface SeenMessage {
  readonly ref: MessageRef;
  /** Whether somebody can still click. */
  readonly open: boolean;
  readonly replies: readonly string[];
}

export interface MessengerWorld {
  readonly messenger: Messenger;
  /** What people see, oldest first. */
  seen(): Promise<readonly SeenMessage[]>;
  remove(ref: MessageRef): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  close(): Promise<void>;
}

const id = "p-0123456789abcdef0123456789abcdef01234567-1";
const plan = {
  application: "orderbook",
  environment: "production",
  cluster: "orderbook-prod",
  namespace: "orderbook",
  version: "1.4.2",
  fromVersion: "1.4.1",
  objects: [],
  verdicts: [],
  members: [
    {
      repository: "orderbook-api" as RepositoryName,
      digest: `sha256:${"a".repeat(64)}` as Digest,
      releaseTag: "prod-1.4.2" as Tag,
      movingTag: "prod" as Tag,
    },
  ],
};

/** A question that any test may change. */
export const question: Question = {
  promotion: {
    id,
    application: "orderbook",
    environment: "production",
    version: "1.4.2",
    requester: "U012AB3CD",
    reason: "hotfix",
  },
  channel: "#releases",
  hash: "f".repeat(64),
  plan,
  deadline: Date.parse("2026-01-06T09:00:00Z"),
  approvers: ["U012AB3CE"],
  required: 1,
  verdicts: [
    { rule: "scan", subject: "orderbook-api", kind: "pass", reason: "no CRITICAL finding" },
  ],
  differences: [
    {
      object: "Deployment orderbook/orderbook-api",
      kind: "change",
      fields: [{ path: "spec.replicas", from: "2", to: "3" }],
      unchecked: false,
    },
  ],
};

const announcement = {
  promotion: question.promotion,
  ending: "Promoted",
  reasons: ["all pods run"],
  decidedBy: "U012AB3CE",
  plan,
} as const;

/** Without who posted it, which not every messenger says. */
const placeOf = (message: MessageRef): MessageRef => ({ channel: message.channel, id: message.id });

/** What every messenger promises. The world has one channel, `#releases`, and no message. */
export function messengerContract(name: string, makeWorld: () => Promise<MessengerWorld>): void {
  describe(`${name} as messenger`, () => {
    let world: MessengerWorld;
    const sought = () => ({ ...question, askedAt: world.now() });
    beforeEach(async () => void (world = await makeWorld()));
    afterEach(() => world.close());

    it("posts a question that can be answered", async () => {
      const ref = placeOf(await world.messenger.ask(question));
      expect(await world.seen()).toEqual([{ ref, open: true, replies: [] }]);
    });

    it("finds every message of a question, oldest first, and nothing of one that was never posted", async () => {
      expect(await world.messenger.find(sought())).toEqual([]);
      const ref = placeOf(await world.messenger.ask(question));
      expect(await world.messenger.find(sought())).toEqual([ref]);
      const second = placeOf(await world.messenger.ask(question));
      expect(await world.messenger.find(sought())).toEqual([ref, second]);
    });

    it("finds a question also when its buttons are gone", async () => {
      const ref = placeOf(await world.messenger.ask(question));
      await world.messenger.close(ref, announcement);
      expect(await world.messenger.find(sought())).toEqual([ref]);
    });

    it.each([{ hash: "e".repeat(64) }, { promotion: { ...question.promotion, id: `${id}0` } }])(
      "takes no question for another one: $hash $promotion.id",
      async (change) => {
        await world.messenger.ask(question);
        expect(await world.messenger.find({ ...sought(), ...change })).toEqual([]);
      },
    );

    it("refuses to look in a channel that does not exist", async () => {
      await expect(
        world.messenger.find({ ...sought(), channel: "#nowhere" }),
      ).rejects.toMatchObject({ name: "MessengerRefused" });
    });

    it("takes the buttons away when it closes a question", async () => {
      const ref = placeOf(await world.messenger.ask(question));
      await world.messenger.close(ref, announcement);
      await world.messenger.close(ref, announcement);
      expect(await world.seen()).toEqual([{ ref, open: false, replies: [] }]);
    });

    it("replies in the thread of a message", async () => {
      const ref = placeOf(await world.messenger.ask(question));
      await world.messenger.reply(ref, "2 of 3 pods run");
      expect(await world.seen()).toEqual([{ ref, open: true, replies: ["2 of 3 pods run"] }]);
    });

    it("closes a message that is gone without complaint", async () => {
      const ref = placeOf(await world.messenger.ask(question));
      await world.remove(ref);
      await world.messenger.close(ref, announcement);
      expect(await world.seen()).toEqual([]);
    });

    it("refuses a channel that does not exist", async () => {
      const asking = world.messenger.ask({ ...question, channel: "#nowhere" });
      await expect(asking).rejects.toMatchObject({ name: "MessengerRefused", retryable: false });
    });

    it("never fails to answer a click, whatever the address", async () => {
      await expect(
        world.messenger.answerClick("not an address", "counted"),
      ).resolves.toBeUndefined();
    });
  });
}
