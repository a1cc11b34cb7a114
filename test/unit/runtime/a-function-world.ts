import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../../../src/runtime/world.ts";

/**
 * What a function takes from outside: a configuration that nobody reads, real timers, and an exit
 * that does not end the tests.
 */
export function aFunctionWorld(change: Partial<World> = {}): World {
  return {
    env: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    clock: { now: () => Date.now() },
    at(time, action) {
      const timer = setTimeout(action, time - Date.now());
      return () => clearTimeout(timer);
    },
    pause: (milliseconds) => sleep(milliseconds),
    exit: () => undefined,
    configurations: {
      read: () => Promise.reject(new Error("not read")),
      podSpec: () => Promise.resolve([]),
    },
    log: () => undefined,
    ...change,
  };
}
