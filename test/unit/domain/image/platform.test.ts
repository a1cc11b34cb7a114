import { describe, expect, it } from "vitest";
import { parseImageConfig } from "../../../../src/domain/image/image-config.ts";
import {
  normalisePlatform,
  parsePlatform,
  platformOf,
} from "../../../../src/domain/image/platform.ts";

const platformOfConfig = (text: string): string => {
  const config = parseImageConfig(Buffer.from(text));
  return config.kind === "config" ? config.platform : config.fault;
};

describe("a platform", () => {
  // containerd, platforms/database_test.go and platforms_test.go.
  it.each([
    ["linux/amd64", "linux/amd64"],
    ["linux/x86_64", "linux/amd64"],
    ["Linux/x86-64", "linux/amd64"],
    ["linux/amd64/v1", "linux/amd64"],
    ["linux/amd64/v2", "linux/amd64/v2"],
    ["linux/arm64", "linux/arm64"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm64/8", "linux/arm64"],
    ["linux/arm64/v9", "linux/arm64/v9"],
    ["linux/arm", "linux/arm"],
    ["linux/arm/v7", "linux/arm"],
    ["linux/arm/7", "linux/arm"],
    ["linux/armhf", "linux/arm"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/arm/v6", "linux/arm/v6"],
    ["linux/armhf/v5", "linux/arm"],
    ["linux/armel/v7", "linux/arm/v6"],
    ["linux/arm/8", "linux/arm/v8"],
    ["linux/i386", "linux/386"],
    ["linux/i386/v2", "linux/386"],
    // These are no spellings of v1, v9 and v4 there.
    ["linux/amd64/1", "linux/amd64/1"],
    ["linux/arm64/9", "linux/arm64/9"],
    ["linux/arm/4", "linux/arm/4"],
    ["macos/arm64", "darwin/arm64"],
    ["windows/amd64", "windows/amd64"],
  ])("%s is %s", (written, normal) => {
    expect(parsePlatform(written)).toBe(normal);
    expect(normalisePlatform(normal)).toBe(normal);
  });

  it.each(["", "linux", "linux/", "/amd64", "linux/amd64/v1/x", "linux amd64", "linux,amd64"])(
    "%j is none",
    (text) => {
      expect(parsePlatform(text)).toBeUndefined();
    },
  );

  it("is read from an image config and from the platform of an index", () => {
    expect(
      platformOfConfig('{"architecture":"arm64","variant":"v8","os":"linux","rootfs":{}}'),
    ).toBe("linux/arm64");
    expect(platformOf({ os: "linux", architecture: "arm", variant: "v6", "os.version": "1" })).toBe(
      "linux/arm/v6",
    );
  });

  it.each([
    "{}",
    '{"os":"linux"}',
    '{"os":1,"architecture":"amd64"}',
    '{"os":"linux/amd64","architecture":"v2"}',
  ])("is unknown for the config %s", (blob) => {
    expect(platformOfConfig(blob)).toBe("");
  });

  it.each([
    ["not json", "is not a JSON object"],
    ["null", "is not a JSON object"],
    ["\ufeff{}", "is not a JSON object"],
    ["{} {}", "is not a JSON object"],
    [
      '{"os":"linux","OS":"windows","architecture":"amd64"}',
      'has the key "OS", which nodes read as "os" and others do not',
    ],
    [
      '{"Architecture":"amd64"}',
      'has the key "Architecture", which nodes read as "architecture" and others do not',
    ],
    ['{"o\u017f":"linux"}', 'has the key "o\u017f", which nodes read as "os" and others do not'],
    ['{"os":"linux","os":"linux"}', 'repeats the key "os", of which parsers keep different ones'],
    [
      '{"config":{"entrypoint":["sh"]}}',
      'has the key "entrypoint", which nodes read as "Entrypoint" and others do not',
    ],
    [
      '{"rootfs":{"Diff_Ids":[]}}',
      'has the key "Diff_Ids", which nodes read as "diff_ids" and others do not',
    ],
    [
      '{"history":[{"created":"x"},{"Created":"x"}]}',
      'has the key "Created", which nodes read as "created" and others do not',
    ],
  ])("is not looked for in the config %s", (blob, fault) => {
    expect(platformOfConfig(blob)).toBe(fault);
  });

  it("is not looked for in a config that is not UTF-8", () => {
    expect(
      parseImageConfig(
        Buffer.from('{"os":"linux","architecture":"amd64","author":"\xe9"}', "latin1"),
      ),
    ).toEqual({ kind: "other", fault: "is not UTF-8" });
  });

  it("stands beside labels, ports and volumes with whatever keys they have", () => {
    const config = {
      os: "linux",
      architecture: "amd64",
      config: {
        Labels: { OS: "1", labels: "2" },
        ExposedPorts: { USER: {} },
        Volumes: { CONFIG: {} },
      },
      "moby.buildkit.cache.v0": { OS: 1 },
      container_config: { cmd: null },
    };
    expect(platformOfConfig(JSON.stringify(config))).toBe("linux/amd64");
  });
});
