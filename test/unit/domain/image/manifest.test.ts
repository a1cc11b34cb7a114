import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../../src/domain/image/manifest.ts";

const [config, layer, child, provenance] = ["c", "1", "2", "3"].map(
  (digit) => `sha256:${digit.repeat(64)}`,
);
const oci = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const docker = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

interface Stored {
  readonly mediaType: string;
  readonly text: string;
}

function image(types: typeof oci, change: object = {}): Stored {
  const document = {
    schemaVersion: 2,
    config: { mediaType: types.config, digest: config, size: 2 },
    layers: [{ mediaType: types.layer, digest: layer, size: 3 }],
    ...change,
  };
  return { mediaType: types.manifest, text: JSON.stringify(document) };
}

function index(types: typeof oci, manifests: readonly object[], change: object = {}): Stored {
  return {
    mediaType: types.index,
    text: JSON.stringify({ schemaVersion: 2, manifests, ...change }),
  };
}

const faultOf = (stored: Stored): string => {
  const parsed = parseManifest(stored);
  return parsed.kind === "other" ? parsed.fault : `it is an ${parsed.kind}`;
};

const whole = {
  kind: "image",
  config: { digest: config, size: 2 },
  layers: [{ digest: layer, foreign: false }],
};

describe.each([
  ["OCI", oci],
  ["Docker", docker],
])("a manifest of %s", (_, types) => {
  it("is an image with its config and layers", () => {
    expect(parseManifest(image(types))).toEqual(whole);
    expect(parseManifest(image(types, { mediaType: types.manifest }))).toEqual(whole);
  });

  it("is an index with its children", () => {
    const document = index(types, [
      {
        mediaType: types.manifest,
        digest: child,
        size: 1,
        platform: { os: "linux", architecture: "arm64", variant: "v8" },
      },
      { mediaType: types.manifest, digest: layer, size: 2 },
      { mediaType: types.index, digest: config, size: 3, platform: null },
    ]);
    expect(parseManifest(document)).toEqual({
      kind: "index",
      children: [
        { digest: child, size: 1, kind: "image", platform: "linux/arm64" },
        { digest: layer, size: 2, kind: "image", platform: undefined },
        { digest: config, size: 3, kind: "index", platform: undefined },
      ],
    });
  });
});

describe("a child that no node runs", () => {
  // docs/attestations/attestation-storage.md of moby/buildkit.
  const annotations = {
    "vnd.docker.reference.digest": child,
    "vnd.docker.reference.type": "attestation-manifest",
  };
  const manifest = { mediaType: oci.manifest, digest: provenance, size: 1 };

  it.each([[{}], [{ annotations }], [{ mediaType: "application/vnd.in-toto+json" }]])(
    "is told by its platform: %j",
    (fields) => {
      expect(
        parseManifest(
          index(oci, [
            { ...manifest, platform: { os: "unknown", architecture: "Unknown" }, ...fields },
          ]),
        ),
      ).toEqual({ kind: "index", children: [] });
    },
  );

  it.each([
    ["linux/amd64", { platform: { os: "linux", architecture: "amd64" } }],
    [undefined, {}],
    ["unknown/amd64", { platform: { os: "unknown", architecture: "amd64" } }],
    ["linux/unknown", { platform: { os: "linux", architecture: "unknown" } }],
  ])(
    "is not one of the platform %s that carries the annotation of an attestation",
    (platform, fields) => {
      expect(parseManifest(index(oci, [{ ...manifest, ...fields, annotations }]))).toMatchObject({
        children: [{ digest: provenance, platform }],
      });
    },
  );
});

describe("a foreign layer", () => {
  const urls = ["https://example.com/layer"];

  it.each([
    ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", { urls }, true],
    ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", { urls }, true],
    [
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      { urls: ["HTTP://example.com/layer"] },
      true,
    ],
    // containerd fetches by HTTP only; without an address the layer can come from the registry alone.
    [
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      { urls: ["ftp://example.com/layer"] },
      false,
    ],
    ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", {}, false],
    [oci.layer, { urls }, false],
  ])("is one of %s with %j: %s", (mediaType, fields, foreign) => {
    expect(
      parseManifest(image(oci, { layers: [{ mediaType, digest: layer, size: 3, ...fields }] })),
    ).toEqual({ ...whole, layers: [{ digest: layer, foreign }] });
  });
});

describe("what cannot be judged", () => {
  const manifest = {
    mediaType: oci.manifest,
    digest: child,
    size: 1,
    platform: { os: "linux", architecture: "amd64" },
  };
  const digestless = "is an index with a child that has no sha256 digest or no size";
  const platformless = `is an index whose child ${child} has a platform that is not os/architecture[/variant]`;

  it.each<readonly [string, Stored, string]>([
    [
      "a Helm chart",
      image(oci, {
        config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: config, size: 2 },
      }),
      'is an artifact and not an image: its config is of the type "application/vnd.cncf.helm.config.v1+json"',
    ],
    [
      "a signature of cosign 3",
      image(oci, {
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest: config, size: 2 },
        artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      }),
      'is an artifact and not an image: its config is of the type "application/vnd.oci.empty.v1+json"',
    ],
    [
      "a manifest of Docker's first schema",
      { ...image(docker), mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws" },
      'is of the type "application/vnd.docker.distribution.manifest.v1+prettyjws", which is neither an image nor an index',
    ],
    ["text that is no JSON", { mediaType: oci.manifest, text: "<html>" }, "is not a JSON object"],
    ["JSON null", { mediaType: oci.index, text: "null" }, "is not a JSON object"],
    [
      "JSON after a byte order mark",
      { ...image(oci), text: `\ufeff${image(oci).text}` },
      "is not a JSON object",
    ],
    [
      "JSON with something behind it",
      { ...image(oci), text: `${image(oci).text}\0` },
      "is not a JSON object",
    ],
    [
      "an image of which a layer has no digest",
      image(oci, { layers: [{ mediaType: oci.layer }] }),
      "is an image with a layer that has no sha256 digest or no size",
    ],
    [
      "an image with a digest of another algorithm",
      image(oci, {
        layers: [{ mediaType: oci.layer, digest: `sha512:${"a".repeat(128)}`, size: 1 }],
      }),
      "is an image with a layer that has no sha256 digest or no size",
    ],
    [
      "an image without layers",
      image(oci, { layers: null }),
      "is an image without a list of layers",
    ],
    [
      "an image with an encrypted layer",
      image(oci, { layers: [{ mediaType: `${oci.layer}+encrypted`, digest: layer, size: 1 }] }),
      `is an image whose layer ${layer} is of the type "${oci.layer}+encrypted", which scanners do not read`,
    ],
    [
      "an index of which a child has no digest",
      index(oci, [{ mediaType: oci.manifest, size: 1 }]),
      digestless,
    ],
    [
      "an index of which a child has no size",
      index(oci, [{ mediaType: oci.manifest, digest: child }]),
      digestless,
    ],
    [
      "an index without children",
      index(oci, [], { manifests: {} }),
      "is an index without a list of manifests",
    ],
    [
      "an index of layers, as a build cache has it",
      index(oci, [{ ...manifest, mediaType: oci.layer }]),
      `is an index whose child ${child} is of the type "${oci.layer}", which is neither an image nor an index`,
    ],
    [
      "an index that does not say what a child is",
      index(oci, [{ ...manifest, mediaType: undefined }]),
      `is an index whose child ${child} is of the type "", which is neither an image nor an index`,
    ],
    // To each node the operating system is its own then (containerd, platforms.Normalize).
    [
      "a child for any operating system",
      index(oci, [{ ...manifest, platform: { architecture: "amd64" } }]),
      platformless,
    ],
    ["a child with half a platform", index(oci, [{ ...manifest, platform: {} }]), platformless],
    [
      "a child of a platform with a novel for a name",
      index(oci, [{ ...manifest, platform: { os: "linux", architecture: "x".repeat(1000) } }]),
      platformless,
    ],
    [
      "a child whose platform is a text",
      index(oci, [{ ...manifest, platform: "linux/amd64" }]),
      platformless,
    ],
    [
      "an image that is an index as well",
      image(oci, { manifests: [manifest] }),
      'is an image and has "manifests" as well',
    ],
    [
      "an image that is an index as well, with null",
      image(oci, { manifests: null }),
      'is an image and has "manifests" as well',
    ],
    [
      "an index that is an image as well",
      index(oci, [manifest], { config: { mediaType: oci.config, digest: config, size: 2 } }),
      'is an index and has "config" as well',
    ],
    [
      "an index with layers",
      index(oci, [manifest], { layers: [] }),
      'is an index and has "layers" as well',
    ],
    [
      "an image of Docker's first schema in the clothes of another",
      image(oci, { fsLayers: [] }),
      'is an image and has "fsLayers" as well',
    ],
    [
      "an image that calls itself an index",
      image(oci, { mediaType: oci.index }),
      `calls itself "${oci.index}", and the registry calls it "${oci.manifest}"`,
    ],
    [
      "an image that calls itself a number",
      image(oci, { mediaType: 7 }),
      `calls itself nothing sensible, and the registry calls it "${oci.manifest}"`,
    ],
  ])("is %s", (_, stored, fault) => {
    expect(parseManifest(stored)).toEqual({ kind: "other", fault });
  });
});

const replaced = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const folded = (key: string, field: string): string =>
  `has the key ${JSON.stringify(key)}, which nodes read as "${field}" and others do not`;

describe("a manifest that two parsers read differently is refused", () => {
  const [plain, list] = [
    image(oci).text,
    index(oci, [
      {
        mediaType: oci.manifest,
        digest: child,
        size: 1,
        platform: { os: "linux", architecture: "amd64" },
        annotations: {},
      },
    ]).text,
  ];
  it.each([
    [
      "Manifests",
      "manifests",
      replaced(list, '{"schemaVersion":2', '{"Manifests":[],"schemaVersion":2'),
    ],
    ["MANIFESTS", "manifests", replaced(list, '"manifests":', '"MANIFESTS":')],
    ["manifest\u017f", "manifests", replaced(list, '"manifests":', '"manifest\u017f":')],
    ["Digest", "digest", replaced(list, '"digest":', `"digest":"${child}","Digest":`)],
    ["Platform", "platform", replaced(list, '"platform":', '"Platform":')],
    ["OS", "os", replaced(list, '"os":"linux"', '"os":"unknown","OS":"linux"')],
    ["Os.Version", "os.version", replaced(list, '"os":"linux"', '"os":"linux","Os.Version":"1"')],
    ["Annotations", "annotations", replaced(list, '"annotations":', '"Annotations":')],
    ["mediatype", "mediaType", replaced(list, '"mediaType":', '"mediatype":')],
    [
      "artifacttype",
      "artifactType",
      replaced(list, '{"schemaVersion":2', '{"artifacttype":"x","schemaVersion":2'),
    ],
  ])("an index with the key %s", (key, field, text) => {
    expect(faultOf({ mediaType: oci.index, text })).toBe(folded(key, field));
  });

  it.each([
    ["Layers", "layers", replaced(plain, '"layers":', '"Layers":')],
    ["layer\u017f", "layers", replaced(plain, '"layers":', '"layers":[],"layer\u017f":')],
    ["Config", "config", replaced(plain, '"config":', '"config":{},"Config":')],
    ["SIZE", "size", replaced(plain, '"size":2', '"size":2,"SIZE":3')],
    ["FsLayers", "fsLayers", replaced(plain, '"layers":', '"FsLayers":[],"layers":')],
    ["URLs", "urls", replaced(plain, '"size":3', '"size":3,"URLs":[]')],
    ["Data", "data", replaced(plain, '"size":3', '"size":3,"Data":""')],
    ["Digest", "digest", replaced(plain, '"layers":', '"subject":{"Digest":"x"},"layers":')],
  ])("an image with the key %s", (key, field, text) => {
    expect(faultOf({ mediaType: oci.manifest, text })).toBe(folded(key, field));
  });

  it.each([
    ["config", replaced(plain, '"config":', '"config":{},"config":')],
    ["digest", replaced(plain, '"size":3', '"size":3 , "d\\u0069gest" : "x"')],
    ["title", replaced(list, '"annotations":{}', '"annotations":{"title":"a","title":"b"}')],
    [
      "anything",
      replaced(
        plain,
        '"layers":',
        '"free":{"deep":[{"anything":1},{"anything":1,"anything":2}]},"layers":',
      ),
    ],
    ["\ufffd", replaced(list, '"annotations":{}', '"annotations":{"\\ud800":"a","\\udfff":"b"}')],
  ])("one that repeats the key %s", (key, text) => {
    const mediaType = text.includes('"manifests"') ? oci.index : oci.manifest;
    expect(faultOf({ mediaType, text })).toBe(
      `repeats the key ${JSON.stringify(key)}, of which parsers keep different ones`,
    );
  });

  it("but not one whose annotations have such keys, nor one with further keys", () => {
    const annotations = { Digest: "1", digest: "2", LAYERS: "3", 'a "quoted\\" key': ":" };
    expect(
      parseManifest(
        image(oci, { annotations, layer: 1, config_: 2, newField: { Config: 1, config: 2 } }),
      ),
    ).toEqual(whole);
    expect(
      faultOf(
        index(oci, [{ mediaType: oci.manifest, digest: child, size: 1, annotations }], {
          annotations,
        }),
      ),
    ).toBe("it is an index");
  });

  it("and quotes a long key in part, without what could deceive a terminal", () => {
    const key = `\u001b[31m${"x".repeat(1000)}`;
    expect(
      faultOf({
        mediaType: oci.manifest,
        text: plain.replace("{", `{${JSON.stringify(key)}:1,${JSON.stringify(key)}:2,`),
      }),
    ).toMatch(/^repeats the key "\ufffd\[31mx{75}…", of/);
  });
});

it("never makes the reader throw, whatever it holds and however deep it is", () => {
  const mediaType = fc.constantFrom(...Object.values(oci), ...Object.values(docker), "");
  fc.assert(
    fc.property(
      mediaType,
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.object().map((value) => JSON.stringify(value)),
      ),
      (type, text) => {
        expect(["image", "index", "other"]).toContain(
          parseManifest({ mediaType: type, text }).kind,
        );
      },
    ),
  );
  const deep = 100_000;
  expect(faultOf(image(oci, { layers: [] }))).toBe("it is an image");
  expect(
    faultOf({
      mediaType: oci.manifest,
      text: `{"annotations":${"[".repeat(deep)}${"]".repeat(deep)}}`,
    }),
  ).toContain("config");
});

it("finds every repeated key, and no other, that JSON.parse would pass over", () => {
  const entries = fc.array(fc.tuple(fc.string(), fc.jsonValue()), { maxLength: 5 });
  fc.assert(
    fc.property(entries, fc.string(), (given, key) => {
      const named = given.filter(([name]) => name !== key);
      const object = `{${[...new Map(named), [key, 1] as const].map(([name, value]) => `${JSON.stringify(name)} : ${JSON.stringify(value)}`).join(" , ")}}`;
      const text = (more: string): string => `{"annotations":[${object.slice(0, -1)}${more}}]}`;
      expect(faultOf({ mediaType: oci.manifest, text: text("") })).not.toContain("repeats");
      expect(
        faultOf({ mediaType: oci.manifest, text: text(`,${JSON.stringify(key)}:2`) }),
      ).toContain("repeats");
    }),
  );
});
