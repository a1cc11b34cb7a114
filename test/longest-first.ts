import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Stories take most of the time: begun last, one of them would run on alone while the other cores
 * idle.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { stories = [], others = [] } = Object.groupBy(files, ({ moduleId }) =>
      moduleId.includes("/test/story/") ? "stories" : "others",
    );
    // oxlint-disable-next-line unicorn/no-array-sort -- vitest's method of that name, which leaves its argument alone
    const [first, then] = await Promise.all([super.sort(stories), super.sort(others)]);
    return [...first, ...then];
  }
}
