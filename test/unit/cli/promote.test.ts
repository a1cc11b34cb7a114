import { describe, expect, it } from "vitest";
import { promote } from "../../../cli/commands/promote.ts";
import type { Connection } from "../../../cli/connection.ts";
import type { Terminal } from "../../../cli/terminal.ts";

const input = { application: "orderbook", environment: "production", version: "1.4.2" };
const terminal: Terminal = {
  line: () => undefined,
  error: () => undefined,
  style: (_, text) => text,
  interactive: false,
};
const failing = (name: string): Error => Object.assign(new Error("it is so"), { name });

interface Broken {
  readonly start?: Error;
  readonly look?: Error;
  /** The promotion of the same version that somebody started before. */
  readonly underWay?: string;
}

function connectionWith({ start, look, underWay }: Broken): Connection {
  return {
    where: "here",
    pace: 0,
    invoke: (name) =>
      name === "show-status"
        ? Promise.resolve([
            {
              application: "orderbook",
              environments: [{ environment: "production" }],
              promotions:
                underWay === undefined ? [] : [{ ...input, id: underWay, mode: "promote" }],
            },
          ])
        : Promise.reject(look ?? failing("TypeError")),
    start: () => (start ? Promise.reject(start) : Promise.resolve()),
  };
}

describe("promote", () => {
  it.each([
    "TimeoutError",
    "ThrottlingException",
    "ExpiredTokenException",
    "AccessDeniedException",
  ])(
    "that can be followed no more because of %s names the promotion that goes on, and is never to be tried again",
    async (name) => {
      const promoted = promote(
        { input, name: "m-1" },
        { connection: connectionWith({ look: failing(name) }), terminal },
      );
      await expect(promoted).rejects.toMatchObject({
        name: "CommandError",
        exitCode: 1,
        message: expect.stringMatching(
          /^promotion m-1 was started and continues[^]*`show m-1`/,
        ) as unknown,
        details: { promotion: "m-1" },
      });
    },
  );

  it("that followed what was under way already does not claim to have started it", async () => {
    const promoted = promote(
      { input, name: "m-1" },
      { connection: connectionWith({ look: failing("TimeoutError"), underWay: "p-9" }), terminal },
    );
    await expect(promoted).rejects.toThrow(
      /^promotion p-9 was already under way and continues[^]*`show p-9`/,
    );
  });

  it("that started nothing may be retried", async () => {
    const start = failing("TimeoutError");
    await expect(
      promote({ input, name: "m-1" }, { connection: connectionWith({ start }), terminal }),
    ).rejects.toBe(start);
  });

  it("that is not followed is done when it has started", async () => {
    expect(
      await promote(
        { input, name: "m-1", follow: false },
        { connection: connectionWith({}), terminal },
      ),
    ).toBe(0);
  });

  it("of what is under way says that its reason goes nowhere", async () => {
    const lines: unknown[] = [];
    await promote(
      { input: { ...input, reason: "hotfix" }, name: "m-1", follow: false },
      {
        connection: connectionWith({ underWay: "p-9" }),
        terminal: { ...terminal, line: (text) => void lines.push(text) },
      },
    );
    expect(lines).toEqual([
      "p-9 is already under way; nothing was started; your reason is not shown to anyone",
    ]);
  });

  it("of a version that was rebuilt takes the newest that is under way: those before it give way", async () => {
    const open = [
      ["p-1", 2],
      ["p-2", 4],
      ["p-3", 3],
    ].map(([id, openedAt]) => ({ ...input, id, openedAt, mode: "promote" }));
    const others = [
      { ...input, id: "p-4", openedAt: 5, mode: "plan" },
      { ...input, id: "p-5", openedAt: 6, mode: "promote", version: "1.4.3" },
    ];
    const connection: Connection = {
      ...connectionWith({}),
      invoke: () =>
        Promise.resolve([
          {
            application: "orderbook",
            environments: [{ environment: "production" }],
            promotions: [...open, ...others],
          },
        ]),
    };
    const lines: unknown[] = [];
    expect(
      await promote(
        { input, name: "m-1", follow: false },
        { connection, terminal: { ...terminal, line: (text) => void lines.push(text) } },
      ),
    ).toBe(0);
    expect(lines).toEqual(["p-2 is already under way; nothing was started"]);
  });
});
