import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { parseDigest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import type { StoredManifest } from "../../../../src/domain/image/stored-manifest.ts";
import { putTags, type TagToPut } from "../../../../src/promotion/release/put-tags.ts";
import { aWorld, tag, type ShopWorld } from "../../../builders/a-world.ts";

const manifest = {
  digest: parseDigest(`sha256:${"1".repeat(64)}`),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  text: "{}",
} as StoredManifest;
const tagsOf = (count: number): readonly TagToPut[] =>
  Array.from({ length: count }, (_, index) => ({
    repository: `image-${index}` as RepositoryName,
    tag: tag("prod-1"),
    manifest,
  }));
const throttled = (): PromoterError =>
  new PromoterError("RegistryUnavailable", "ECR is throttling", { details: { throttled: true } });
const broken = (): PromoterError => new PromoterError("RegistryRefused", "ECR says no");

describe("putting many tags", () => {
  let world: ShopWorld;
  /** When each began, in milliseconds from the start, and of which image. */
  let begun: { readonly at: number; readonly name: string }[];
  let underWay: number;
  let mostUnderWay: number;
  const put = (
    count: number,
    answer: (name: string) => Promise<void> = async () => undefined,
    checkTime = (): void => undefined,
  ) => {
    const start = world.clock.now();
    const putTag = async (name: string): Promise<"written"> => {
      begun.push({ at: world.clock.now() - start, name });
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      await answer(name).finally(() => {
        underWay -= 1;
      });
      return "written";
    };
    return putTags(tagsOf(count), { ...world, registry: { putTag }, checkTime });
  };
  const inSeconds = () =>
    Object.values(Object.groupBy(begun, ({ at }) => Math.floor(at / 1_000))).map(
      (some = []) => some.length,
    );

  beforeEach(() => {
    world = aWorld({ putImageRate: 10 });
    [begun, underWay, mostUnderWay] = [[], 0, 0];
  });

  it("overlaps them, and gives what became of them in their order", async () => {
    const results = await put(8);
    expect(mostUnderWay).toBe(8);
    expect(results.map(({ repository, outcome }) => `${repository} ${outcome}`)).toEqual(
      tagsOf(8).map(({ repository }) => `${repository} written`),
    );
    expect(world.clock.now()).toBe(aWorld().clock.now());
  });

  it("begins no more in a second than the configuration says", async () => {
    await put(35);
    expect(inSeconds()).toEqual([10, 10, 10, 5]);
  });

  it("has no more under way than there are sockets for, however high the rate", async () => {
    world = aWorld({ putImageRate: 1_000 });
    await put(100);
    expect(begun).toHaveLength(100);
    expect(mostUnderWay).toBe(32);
  });

  it("goes on slower when the registry throttles, and loses none", async () => {
    const refused = new Set<string>();
    await put(30, async (name) => {
      if (refused.size >= 3 || refused.has(name)) return;
      refused.add(name);
      throw throttled();
    });
    expect(begun).toHaveLength(33);
    expect(inSeconds()[0]).toBe(10);
    expect(inSeconds()[1]).toBeLessThan(10);
  });

  it("gives up on a registry that throttles again and again", async () => {
    await expect(put(1, () => Promise.reject(throttled()))).rejects.toMatchObject({
      name: "RegistryUnavailable",
      retryable: true,
    });
    expect(begun).toHaveLength(4);
  });

  it("begins nothing more after the first failure, waits for what is under way, and reports what is written", async () => {
    const failed = await put(40, (name) =>
      name === "image-3" ? Promise.reject(broken()) : Promise.resolve(),
    ).catch((error: unknown) => error);
    expect(begun).toHaveLength(10);
    expect(underWay).toBe(0);
    expect(failed).toMatchObject({
      name: "RegistryRefused",
      message:
        "ECR says no; of 40 tags 9 were written: image-0:prod-1, image-1:prod-1, image-2:prod-1, image-4:prod-1, image-5:prod-1, image-6:prod-1, image-7:prod-1, image-8:prod-1, image-9:prod-1",
    });
  });

  it("reports others that failed as well, and names ten tags at most", async () => {
    world = aWorld({ putImageRate: 1_000 });
    const failed = await put(32, (name) =>
      name.endsWith("9") ? Promise.reject(broken()) : Promise.resolve(),
    ).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      message: expect.stringMatching(
        /^ECR says no; 2 more that were under way failed too; of 32 tags 29 were written: (?:image-\d+:prod-1,? ){10}and 19 more$/,
      ) as unknown,
    });
  });

  it("sends nothing when no time is left, even after it waited for its turn", async () => {
    const end = world.clock.now() + 500;
    const checkTime = (): void => {
      if (world.clock.now() > end) throw new PromoterError("TimeRanOut", "too late");
    };
    await expect(put(12, undefined, checkTime)).rejects.toMatchObject({
      name: "TimeRanOut",
      message: expect.stringContaining("of 12 tags 10 were written") as unknown,
    });
    expect(begun).toHaveLength(10);
  });
});
