import { describe, expect, it } from "vitest";
import { crashedContainer, lastWords } from "../../../../src/domain/pod-spec/last-words.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";

const pod = (name: string, created: string, ...containers: object[]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, creationTimestamp: created, labels: { "pod-template-hash": created } },
  status: { containerStatuses: containers },
});
const ended = (exitCode: number, message?: string): object => ({
  terminated: { exitCode, ...(message === undefined ? {} : { message }) },
});
const found = (...containers: object[]) => {
  const crashed = crashedContainer([pod("web-1", "2026-01-05T09:00:00Z", ...containers)]);
  return crashed && [crashed.container, crashed.previous];
};

describe("the container whose log is read", () => {
  it("crashed in its last run, or ended just now", () => {
    const waits = { waiting: { reason: "CrashLoopBackOff" } };
    expect(found({ name: "app", state: waits, lastState: ended(1) })).toEqual(["app", true]);
    expect(found({ name: "app", state: ended(1), lastState: ended(1) })).toEqual(["app", false]);
    expect(
      found({ name: "app", ready: false, state: { running: {} }, lastState: ended(2) }),
    ).toEqual(["app", true]);
  });

  it("left no termination message, is not ready and did not end well", () => {
    expect(found({ name: "app", state: ended(1, "no database") })).toBeUndefined();
    expect(found({ name: "app", state: ended(1, " \n") })).toEqual(["app", false]);
    expect(found({ name: "app", state: ended(0) })).toBeUndefined();
    expect(found({ name: "app", ready: true, state: { running: {} }, lastState: ended(1) })).toBe(
      undefined,
    );
  });

  it("is one of the newest pod", () => {
    const pods = ["2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z"].map((created) =>
      pod(`web-${created}`, created, { name: "app", state: ended(1) }),
    );
    expect(crashedContainer(pods)?.pod.metadata.name).toBe("web-2026-01-05T10:00:00Z");
  });
});

describe("the last words of a log", () => {
  it("are its last five lines that say something, on one line", () => {
    expect(lastWords("1\n2\n\n3\r\n4\n  at\tmain  \n6\n\n")).toBe("2 | 3 | 4 | at main | 6");
    expect(lastWords("")).toBe("");
  });

  it("hold no colours and no other control characters", () => {
    expect(lastWords("\u001B[31;1mfailed\u001B[0m\u0007\u202E now\u0000")).toBe("failed now");
  });

  it("are cut at their beginning", () => {
    const words = lastWords(`${"x".repeat(2_000)}\nno database`);
    expect(words).toHaveLength(500);
    expect(words).toMatch(/^…x+ \| no database$/);
  });
});
