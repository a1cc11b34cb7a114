import { InvalidArgumentError, Option, type Command } from "commander";
import { endings, type Ending } from "../src/domain/promotion.ts";
import { clusterAccess, type ReviewsConnector } from "./commands/cluster-access.ts";
import { history } from "./commands/history.ts";
import { operate } from "./commands/operate.ts";
import { resume } from "./commands/resume.ts";
import { status } from "./commands/status.ts";
import { validate } from "./commands/validate.ts";
import { nameArgument } from "./name-argument.ts";
import type { Session } from "./session.ts";

export function addValidate(program: Command, { root, terminal, options }: Session): void {
  program
    .command("validate")
    .description("check promoter.yml and the pod specs; every fault at once")
    .action(async () => validate({ root, ...options() }, terminal));
}

/** Loaded where it is needed: its clients would double the time that every command takes to start. */
const connectReviews: ReviewsConnector = async (cluster, configuration) =>
  (await import("./access/connect-reviews.ts")).connectReviews(cluster, configuration);

interface AccessForms {
  readonly entries?: boolean;
  readonly mapRoles?: boolean;
  readonly check?: boolean;
}

export function addClusterAccess(program: Command, { root, terminal, options }: Session): void {
  program
    .command("cluster-access")
    .description("print the roles that the functions need in a cluster, for kubectl")
    .addArgument(nameArgument("<cluster>"))
    .option("--entries", "print a script that adds access entries of EKS instead")
    .addOption(
      new Option(
        "--map-roles",
        "print a script that prints the entries of aws-auth instead",
      ).conflicts("entries"),
    )
    .addOption(
      new Option(
        "--check",
        "print what is missing in the cluster, with your own access to it",
      ).conflicts(["entries", "mapRoles"]),
    )
    .action(async (cluster: string, { check, entries, mapRoles }: AccessForms) => {
      const form = check ? "check" : entries ? "entries" : mapRoles ? "map-roles" : undefined;
      process.exitCode = await clusterAccess(
        { cluster, root, ...options(), ...(form && { form }) },
        terminal,
        connectReviews,
      );
    });
}

export function addStatus(program: Command, { options, ports }: Session): void {
  program
    .command("status")
    .description("show what runs, what is under way, and what is incomplete")
    .addArgument(nameArgument("[application]"))
    .action(async (application?: string) => status({ application, ...options() }, await ports()));
}

interface HistoryFilters {
  readonly limit: number;
  readonly before?: string;
  readonly ending?: readonly Ending[];
  readonly promoted?: boolean;
}

export function addHistory(program: Command, { options, ports }: Session): void {
  program
    .command("history")
    .description("list the promotions that ended, newest first")
    .addArgument(nameArgument("<application>"))
    .addArgument(nameArgument("<environment>"))
    .option("--limit <n>", "how many, 1 to 100", pageSize, 20)
    .option("--before <cursor>", "continue after a page")
    .addOption(
      new Option("--ending <ending>", "only promotions with this ending; repeatable")
        .choices(endings)
        .argParser(addEnding),
    )
    .option("--promoted", "only what was promoted, the same as --ending Promoted")
    .action(
      async (
        application: string,
        environment: string,
        { limit, before, ending = [], promoted }: HistoryFilters,
      ) => {
        const wanted = [...ending, ...(promoted ? ["Promoted" as const] : [])];
        await history(
          { application, environment, limit, before, endings: wanted, ...options() },
          await ports(),
        );
      },
    );
}

export function addResume(program: Command, { options, user, ports }: Session): void {
  program
    .command("resume")
    .description("lift the holds of an environment, or settle an unsettled one")
    .addArgument(nameArgument("<application>"))
    .addArgument(nameArgument("<environment>"))
    .option("--settled", "you checked the cluster, and it is in order", false)
    .option("--roll-back", "restore what ran before, and wait until it runs", false)
    .action(
      async (
        application: string,
        environment: string,
        ways: { settled: boolean; rollBack: boolean },
      ) => {
        const key = { application, environment, by: user() };
        process.exitCode = await resume({ key, ...ways, ...options() }, await ports());
      },
    );
}

export function addReconcile(program: Command, { options, ports }: Session): void {
  program
    .command("reconcile")
    .description("repair now what lost events and killed functions left behind")
    .action(async () =>
      operate({ functionName: "reconcile", payload: {}, ...options() }, await ports()),
    );
}

function addEnding(text: string, others: readonly Ending[] = []): readonly Ending[] {
  const ending = endings.find((one) => one.toLowerCase() === text.toLowerCase());
  if (ending) return [...others, ending];
  throw new InvalidArgumentError(`Endings are ${endings.join(", ")}.`);
}

function pageSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw new InvalidArgumentError("It must be a whole number from 1 to 100.");
}
