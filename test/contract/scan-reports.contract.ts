import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScanState } from "../../src/domain/rules/facts.ts";
import type { ImageRef } from "../../src/ports/image-registry.ts";
import type { ScanReports } from "../../src/ports/scan-reports.ts";

export interface ScanReportsWorld {
  readonly reports: ScanReports;
  readonly image: ImageRef;
  /** What scanning `image` has come to. */
  scan(outcome: ScanOutcome): void;
  close(): Promise<void>;
}

export type ScanOutcome =
  | { readonly kind: "complete"; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: Exclude<ScanState["kind"], "complete"> };

/** What every source of scan reports promises. The world holds one image. */
export function scanReportsContract(
  name: string,
  makeWorld: () => Promise<ScanReportsWorld>,
): void {
  describe(`${name} as scan reports`, () => {
    let world: ScanReportsWorld;
    beforeEach(async () => void (world = await makeWorld()));
    afterEach(() => world.close());

    it("counts the findings of an image by severity", async () => {
      world.scan({ kind: "complete", counts: { CRITICAL: 1, HIGH: 12 } });
      expect(await world.reports.readScan(world.image)).toMatchObject({
        kind: "complete",
        counts: { CRITICAL: 1, HIGH: 12 },
      });
    });

    it("counts findings however many pages they take, and has a few of each severity to name", async () => {
      world.scan({ kind: "complete", counts: { CRITICAL: 2, HIGH: 1, MEDIUM: 250 } });
      const state = await world.reports.readScan(world.image);
      expect(state).toMatchObject({
        kind: "complete",
        counts: { CRITICAL: 2, HIGH: 1, MEDIUM: 250 },
      });
      const examples = state.kind === "complete" ? (state.examples ?? []) : [];
      expect(examples.map(({ severity }) => severity)).toEqual([
        "CRITICAL",
        "CRITICAL",
        "HIGH",
        "MEDIUM",
        "MEDIUM",
        "MEDIUM",
      ]);
      expect(examples[0]).toMatchObject({
        name: expect.stringMatching(/^CVE-\d+-\d+$/),
        package: expect.stringMatching(/^\w+ [\d.]+$/),
      });
    });

    it("recognises an image without findings by its empty counts", async () => {
      world.scan({ kind: "complete", counts: {} });
      expect(await world.reports.readScan(world.image)).toMatchObject({
        kind: "complete",
        counts: {},
      });
    });

    it.each(["in-progress", "absent", "unsupported", "failed"] as const)(
      "never takes a scan that is %s for one without findings",
      async (kind) => {
        world.scan({ kind });
        expect((await world.reports.readScan(world.image)).kind).toBe(kind);
      },
    );
  });
}
