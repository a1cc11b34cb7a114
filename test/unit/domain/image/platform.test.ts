import { describe, expect, it } from "vitest";
import { platformOfConfig } from "../../../../src/domain/image/image-config.ts";
import { normalisePlatform, parsePlatform, platformOf } from "../../../../src/domain/image/platform.ts";

describe("a platform", () => {
  // containerd, platforms/database_test.go and platforms_test.go.
  it.each([
    ["linux/amd64", "linux/amd64"], ["linux/x86_64", "linux/amd64"], ["Linux/x86-64", "linux/amd64"], ["linux/amd64/v1", "linux/amd64"], ["linux/amd64/v2", "linux/amd64/v2"],
    ["linux/arm64", "linux/arm64"], ["linux/aarch64", "linux/arm64"], ["linux/arm64/v8", "linux/arm64"], ["linux/arm64/8", "linux/arm64"], ["linux/arm64/v9", "linux/arm64/v9"],
    ["linux/arm", "linux/arm"], ["linux/arm/v7", "linux/arm"], ["linux/arm/7", "linux/arm"], ["linux/armhf", "linux/arm"], ["linux/armel", "linux/arm/v6"], ["linux/arm/v6", "linux/arm/v6"],
    ["linux/i386", "linux/386"], ["macos/arm64", "darwin/arm64"], ["windows/amd64", "windows/amd64"],
  ])("%s is %s", (written, normal) => {
    expect(parsePlatform(written)).toBe(normal);
    expect(normalisePlatform(normal)).toBe(normal);
  });

  it.each(["", "linux", "linux/", "/amd64", "linux/amd64/v1/x", "linux amd64", "linux,amd64"])("%j is none", (text) => {
    expect(parsePlatform(text)).toBeUndefined();
  });

  it("is read from an image config and from the platform of an index", () => {
    expect(platformOfConfig('{"architecture":"arm64","variant":"v8","os":"linux","rootfs":{}}')).toBe("linux/arm64");
    expect(platformOf({ os: "linux", architecture: "arm", variant: "v6", "os.version": "1" })).toBe("linux/arm/v6");
  });

  it.each(["{}", "not json", '{"os":"linux"}', "null", '{"os":1,"architecture":"amd64"}'])("is unknown for the config %s", (blob) => {
    expect(platformOfConfig(blob)).toBe("");
  });
});
