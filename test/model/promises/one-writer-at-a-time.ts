import { recordAt, textAt } from "../../../src/domain/json.ts";
import { environmentOfTag, environmentNames, namespaceOf } from "../deployment.ts";
import type { Effect, Guest } from "../sandbox.ts";
import type { Promised } from "./promise.ts";

/**
 * Whoever has written to the tags or the cluster of an environment writes no more once somebody
 * else has; the way back is somebody else.
 */
export const oneWriterAtATime: Promised = ({ world }) => {
  const written = new Map<string, string[]>();
  const broken: string[] = [];
  const restoring = new WeakMap<Guest, string>();
  world.watchers.push((effect) => {
    const { guest, method, args } = effect;
    if (guest.step === "RestoreEnvironment" && method === "readSnapshot") {
      restoring.set(guest, String(args[0]));
    }
    const environment = environmentOf(effect);
    if (environment === undefined) return;
    const about = guest.promotion ?? restoring.get(guest);
    const writer = `${phases[guest.step] ?? ""}${about === undefined ? "" : world.label(about)}`;
    const writers = written.get(environment) ?? [];
    written.set(environment, writers);
    world.log(`${effect.guest.key} writes: ${effect.method} ${placeOf(effect)}`);
    if (writers.at(-1) === writer) return;
    if (writers.includes(writer)) {
      broken.push(
        `two writers in ${environment}: ${writer} by ${effect.guest.key} again, after ${writers.at(-1)}`,
      );
    }
    writers.push(writer);
  });
  return () => broken;
};

const phases: Readonly<Record<string, string>> = {
  RollBack: "the way back of ",
  RestoreEnvironment: "who restores after ",
};

/** Where an effect changes something that runs or that is pulled; undefined: nowhere. */
export function environmentOf({ port, method, args }: Effect): string | undefined {
  if (port === "registry" && method === "putTag") return environmentOfTag(String(args[1]));
  if (port !== "cluster" || (method !== "apply" && method !== "remove")) return undefined;
  if (method === "apply" && recordAt(args[1])["dryRun"] === true) return undefined;
  const namespace =
    method === "remove" ? textAt(args[0], "namespace") : textAt(args[0], "metadata", "namespace");
  return environmentNames.find((name) => namespaceOf(name) === namespace);
}

function placeOf({ port, args }: Effect): string {
  return port === "registry"
    ? `${String(args[0])}:${String(args[1])}`
    : (textAt(args[0], "metadata", "name") ?? textAt(args[0], "name") ?? "");
}
