import type { Given, PortName, Ports } from "../ports/ports.ts";
import { hmacSha256, sha256 } from "./hash.ts";
import type { World } from "./world.ts";

/** A factory for exactly the ports that a task needs: a bundle contains no others. */
export type FactoriesFor<Needed> = {
  readonly [Name in Exclude<keyof Needed, keyof Given>]: Name extends PortName
    ? (world: World) => Ports[Name]
    : never;
};

export function portsOf<Needed extends Given>(
  factories: FactoriesFor<Needed>,
  world: World,
): Needed {
  const { clock, configurations, pause } = world;
  const given: Given = { clock, configurations, pause, hash: sha256, mac: hmacSha256 };
  const made = Object.entries<(of: World) => unknown>(factories).map(([name, make]) => [
    name,
    make(world),
  ]);
  // Object.fromEntries loses which name has which type.
  return { ...Object.fromEntries(made), ...given } as Needed;
}
