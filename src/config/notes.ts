import { abbreviateList } from "../domain/abbreviate-list.ts";
import { clusterAccessCommand } from "../domain/command-line.ts";
import type { Configuration, PodSpecSource } from "../domain/configuration.ts";
import { formatDuration } from "../domain/duration.ts";
import { numberAt } from "../domain/json.ts";
import { kindOf } from "../domain/pod-spec/kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "../domain/pod-spec/object.ts";

/** What is no fault, but surprises whoever does not know it. */
export interface Note {
  readonly application: string;
  readonly environment: string;
  readonly message: string;
  /** What to do, or to leave. */
  readonly remedy: string;
}

const maxNames = 10;

type About = Pick<Note, "message" | "remedy">;

/** In the order of promoter.yml; about the objects that are at hand here. */
export function projectNotes(
  { applications }: Configuration,
  podSpecs: Readonly<Record<string, readonly KubernetesObject[]>>,
): readonly Note[] {
  return Object.values(applications).flatMap((application) =>
    Object.values(application.environments).flatMap(({ name, podSpec }) => {
      const objects = podSpecs[`${application.name}/${name}`] ?? [];
      return podSpec === undefined
        ? []
        : [...grantingNotes(objects, podSpec), ...deadlineNotes(objects, podSpec)].map((note) => ({
            application: application.name,
            environment: name,
            ...note,
          }));
    }),
  );
}

/** See `Kind.grants`. */
function grantingNotes(
  objects: readonly KubernetesObject[],
  { cluster }: PodSpecSource,
): readonly About[] {
  const granting = objects.filter((object) => kindOf(object).grants !== undefined);
  if (granting.length === 0) return [];
  const verbs = ["escalate", "bind"].filter((verb) =>
    granting.some((object) => kindOf(object).grants === verb),
  );
  return [
    {
      message:
        `${names(granting)}: whoever applies roles and bindings needs ${verbs.join(" and ")} there, ` +
        "or all the rights that they give",
      remedy: `${clusterAccessCommand(cluster)} prints what to grant, with --check what is missing`,
    },
  ];
}

/** Whoever wrote a progress deadline may believe that it ends the rollout; the default says nothing. */
function deadlineNotes(
  objects: readonly KubernetesObject[],
  { rollout }: PodSpecSource,
): readonly About[] {
  const others = objects.filter((object) => {
    const seconds = progressDeadline(object);
    return seconds !== undefined && seconds * 1000 !== rollout;
  });
  if (others.length === 0) return [];
  const deadlines = new Set(others.map((object) => `${progressDeadline(object)}`));
  return [
    {
      message:
        `${names(others)}: progressDeadlineSeconds (${[...deadlines].join(", ")}) ends no rollout; ` +
        `podSpec.rollout does, after ${formatDuration(rollout)}`,
      remedy: "set rollout to how long it may take, or leave it",
    },
  ];
}

function progressDeadline(object: KubernetesObject): number | undefined {
  return kindOf(object).readiness === "deployment"
    ? numberAt(object, "spec", "progressDeadlineSeconds")
    : undefined;
}

function names(objects: readonly KubernetesObject[]): string {
  return abbreviateList(
    objects.map((object) => describeRef(refOf(object))),
    maxNames,
  );
}
