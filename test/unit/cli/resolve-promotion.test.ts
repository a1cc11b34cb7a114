import { describe, expect, it } from "vitest";
import type { Connection } from "../../../cli/connection.ts";
import { resolvePromotion } from "../../../cli/resolve-promotion.ts";

const hash = (text: string): string => text.repeat(40).slice(0, 40);
const open = { id: `p-${hash("ab")}-2`, openedAt: 5 };
const ended = [
  { id: "by-ada", openedAt: 9, ending: "Expired" },
  { id: `p-${hash("ab")}-1`, openedAt: 3 },
  { id: `p-${hash("ac")}-1`, openedAt: 2 },
];

function connected(asked: string[] = [], entries: readonly object[] = ended): Connection {
  const answers: Readonly<Record<string, unknown>> = {
    "show-status": [
      {
        application: "orderbook",
        environments: [{ environment: "production" }],
        promotions: [open],
      },
    ],
    "show-history": { entries, before: undefined },
  };
  return {
    where: "here",
    pace: 0,
    start: () => Promise.resolve(),
    invoke: async (name) => {
      asked.push(name);
      return answers[name];
    },
  };
}

describe("a promotion", () => {
  it.each([
    ["last", "by-ada"],
    ["by", "by-ada"],
    ["by-ada", "by-ada"],
    ["p-ac", `p-${hash("ac")}-1`],
    [open.id.slice(0, -1) + "2", open.id],
    ["p-ff", "p-ff"],
    ["nobody", "nobody"],
  ])("that is called %s is %s", async (given, id) => {
    expect(await resolvePromotion(given, "show", connected())).toBe(id);
  });

  it("whose name is whole is looked for nowhere", async () => {
    const asked: string[] = [];
    for (const id of [
      open.id,
      "m-00000000-0000-4000-8000-000000000000",
      "plan-00000000-0000-4000-8000-000000000000",
    ]) {
      expect(await resolvePromotion(id, "show", connected(asked))).toBe(id);
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ["show", "plan-1"],
    ["cancel", open.id],
    ["retry", "by-ada"],
  ] as const)("that is the last to %s is %s", async (purpose, id) => {
    const plan = { id: "plan-1", openedAt: 12, ending: "Planned" };
    expect(await resolvePromotion("last", purpose, connected([], [plan, ...ended]))).toBe(id);
  });

  it("whose attempts alone have this beginning is the newest attempt", async () => {
    const attempts = [2, 11, 1].map((attempt) => ({
      id: `p-${hash("49")}-${attempt}`,
      openedAt: 1,
    }));
    expect(await resolvePromotion("p-4949", "show", connected([], attempts))).toBe(
      `p-${hash("49")}-11`,
    );
  });

  it("that fits several is refused: they are named, newest first", async () => {
    await expect(resolvePromotion("p-a", "show", connected())).rejects.toMatchObject({
      exitCode: 2,
      message: `"p-a" matches 2 promotions: ${open.id}, ${ended[2]?.id}; write more of the name`,
    });
  });
});
