import { randomUUID } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";
import { operate } from "./commands/operate.ts";
import { promote } from "./commands/promote.ts";
import { show } from "./commands/show.ts";
import { nameArgument } from "./name-argument.ts";
import type { Session } from "./session.ts";

const goingBack =
  "back to an older version, with the digests that ran here; newer pushes then wait";

export function addPlan(program: Command, { options, user, ports }: Session): void {
  program
    .command("plan")
    .description("show what a promotion would do; changes nothing")
    .addArgument(nameArgument("<application>"))
    .addArgument(nameArgument("<version>"))
    .addArgument(nameArgument("<environment>"))
    .option("--back", goingBack)
    .option("--diff", "print a unified diff of the objects, as they are and as they would be")
    .action(
      async (
        application: string,
        version: string,
        environment: string,
        { diff = false, ...direction }: { back?: true; diff?: boolean },
      ) => {
        process.exitCode = await promote(
          {
            input: {
              application,
              version,
              environment,
              mode: "plan",
              requester: user(),
              ...direction,
            },
            name: `plan-${randomUUID()}`,
            diff,
            signal: interruption(),
            ...options(),
          },
          await ports(),
        );
      },
    );
}

export function addPromote(program: Command, { options, user, ports }: Session): void {
  program
    .command("promote")
    .description("promote a version into an environment and follow it to its end")
    .addArgument(nameArgument("<application>"))
    .addArgument(nameArgument("<version>"))
    .addArgument(nameArgument("<environment>"))
    .option("--reason <text>", "the reason, shown to approvers")
    .option("--back", goingBack)
    .option("--no-follow", "do not wait for the end")
    .action(
      async (
        application: string,
        version: string,
        environment: string,
        { follow, ...further }: { reason?: string; back?: true; follow: boolean },
      ) => {
        process.exitCode = await promote(
          {
            input: { application, version, environment, requester: user(), ...further },
            name: `m-${randomUUID()}`,
            follow,
            signal: interruption(),
            ...options(),
          },
          await ports(),
        );
      },
    );
}

const named = "its name or the beginning of it, as `status` and `history` print it, or `last`";

export function addShow(program: Command, { options, promotion: find }: Session): void {
  program
    .command("show")
    .description("show everything about a promotion: steps, plan, votes, ending")
    .argument("<promotion>", named, promotionName)
    .action(async (given: string) => {
      const { promotion, ...ports } = await find(given, "show");
      await show({ promotion, ...options() }, ports);
    });
}

export function addCancel(program: Command, { options, user, promotion: find }: Session): void {
  program
    .command("cancel")
    .description("cancel a promotion that is not writing yet")
    .argument("<promotion>", named, promotionName)
    .action(async (given: string) => {
      const { promotion, ...ports } = await find(given, "cancel");
      const payload = { promotion, by: user() };
      await operate({ functionName: "cancel-promotion", payload, ...options() }, ports);
    });
}

export function addAbort(program: Command, { options, user, promotion: find }: Session): void {
  program
    .command("abort")
    .description("stop a promotion; what it has changed is rolled back")
    .argument("<promotion>", named, promotionName)
    .option("--reason <text>", "the reason, shown to everyone")
    .action(async (given: string, reason: { reason?: string }) => {
      const { promotion, ...ports } = await find(given, "abort");
      const payload = { promotion, by: user(), ...reason };
      await operate({ functionName: "abort-promotion", payload, ...options() }, ports);
    });
}

export function addRetry(program: Command, { options, user, promotion: find }: Session): void {
  program
    .command("retry")
    .description("start the next attempt of a promotion that ended")
    .argument("<promotion>", named, promotionName)
    .option("--reason <text>", "the reason, shown to approvers")
    .action(async (given: string, reason: { reason?: string }) => {
      const { promotion, ...ports } = await find(given, "retry");
      const payload = { promotion, requester: user(), ...reason };
      await operate({ functionName: "retry-promotion", payload, ...options() }, ports);
    });
}

/** Ctrl-C while only following. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return stop.signal;
}

/** Names of executions, which have neither blanks nor "#" in them. */
function promotionName(text: string): string {
  if (/^[^\s#]+$/.test(text)) return text;
  throw new InvalidArgumentError(
    "`status` and `history` print the names of promotions: p-… after a push, m-… by hand.",
  );
}
