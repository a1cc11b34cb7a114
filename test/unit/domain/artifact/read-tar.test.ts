import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { readTar } from "../../../../src/domain/artifact/read-tar.ts";
import { writeTar } from "../../../../src/domain/artifact/write-tar.ts";
import { rawEntry, rawTar, record } from "./tar-bytes.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Path to content, or why it is refused. */
function read(archive: Uint8Array): Readonly<Record<string, string>> | string {
  const found = readTar(archive);
  return found.kind === "refused"
    ? found.fault
    : Object.fromEntries(
        found.files.map(({ path, content }) => [path, Buffer.from(content).toString("utf8")]),
      );
}

const long = `${"deep/".repeat(40)}a.yaml`;

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(place, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

describe("what GNU tar writes is read:", () => {
  it.each(["ustar", "gnu", "posix", "v7", "oldgnu"])("%s", async (format) => {
    const files = {
      "production/api.yaml": "kind: Service\n".repeat(100),
      "production/empty.yaml": "",
      "staging/ä ü.yaml": "a: b\n",
      ...(["ustar", "v7"].includes(format) ? {} : { [long]: "long" }),
    };
    const place = await folder(files);
    const archive = execFileSync("tar", ["-C", place, "-c", `--format=${format}`, "."]);
    expect(read(archive)).toEqual(files);
  });
});

it("a prefix of ustar is part of the path, and not in the form of GNU", () => {
  expect(read(rawTar({ name: "a.yaml", prefix: "production", content: "x" }))).toEqual({
    "production/a.yaml": "x",
  });
  expect(read(rawTar({ name: "a.yaml", prefix: "123", magic: "ustar  \0", content: "x" }))).toEqual(
    { "a.yaml": "x" },
  );
});

it("extended headers change the next entry alone", () => {
  const pax = record("mtime", "1.5") + record("path", "ä/b.yaml") + record("size", "3");
  const archive = rawTar(
    { name: "pax_global_header", type: "g", content: record("comment", "0123abc") },
    { name: "PaxHeaders/x", type: "x", content: pax },
    { name: "short", content: "abc" },
    { name: "next.yaml", content: "d" },
  );
  expect(read(archive)).toEqual({ "ä/b.yaml": "abc", "next.yaml": "d" });
});

it("an old name with a slash at its end is a folder, and sizes may be binary", () => {
  const binary = "\u0080\0\0\0\0\0\0\0\0\0\0\u0001";
  expect(read(rawTar({ name: "a/" }, { name: "a/b", content: "x", size: binary }))).toEqual({
    "a/b": "x",
  });
});

describe("is refused, because others could unpack it otherwise:", () => {
  it.each<readonly [string, Uint8Array, RegExp]>([
    ["a link", rawTar({ name: "a", type: "2" }), /"a" is a link, and only files are read/],
    ["a hard link", rawTar({ name: "a", type: "1" }), /is a link/],
    ["a long link", rawTar({ name: "x", type: "K", content: "y\0" }), /is a link/],
    ["a device", rawTar({ name: "a", type: "3" }), /"a" is no file/],
    ["a pipe", rawTar({ name: "a", type: "6" }), /"a" is no file/],
    ["a sparse file of GNU", rawTar({ name: "a", type: "S" }), /"a" is no file/],
    [
      "a sparse file of pax",
      rawTar({ name: "x", type: "x", content: record("GNU.sparse.major", "1") }, { name: "a" }),
      /sparse/,
    ],
    ["an absolute path", rawTar({ name: "/etc/a" }), /"\/etc\/a" is an absolute path/],
    ["a path upwards", rawTar({ name: "a/../../b" }), /leads upwards with \.\./],
    [
      "a path upwards in a header",
      rawTar({ name: "x", type: "x", content: record("path", "../a") }, { name: "a" }),
      /"\.\.\/a" leads upwards/,
    ],
    ["a path of Windows", rawTar({ name: "..\\a" }), /has a control character, \\ or :/],
    ["a drive", rawTar({ name: "c:a" }), /has a control character, \\ or :/],
    [
      "a long path",
      rawTar({ name: "x", type: "L", content: `${"a/".repeat(300)}\0` }, { name: "a" }),
      /more than 512 characters/,
    ],
    ["a path twice", rawTar({ name: "a" }, { name: "./a" }), /it has "\.\/a" twice/],
    ["a file without a name", rawTar({ name: "./." }), /it has "\.\/\." twice/],
    [
      "a folder with content",
      rawTar({ name: "a", type: "5", content: "x" }),
      /is a folder with content/,
    ],
    [
      "a name that is not UTF-8",
      Buffer.concat([rawTar({ name: "x", type: "L", content: Buffer.from([0xff, 0]) })]),
      /not UTF-8/,
    ],
    [
      "a global path",
      rawTar({ name: "x", type: "g", content: record("path", "a") }),
      /global header/,
    ],
    [
      "a broken record",
      rawTar({ name: "x", type: "x", content: "99 path=a\n" }, { name: "a" }),
      /extended header is broken/,
    ],
    [
      "a record without a length",
      rawTar({ name: "x", type: "x", content: `${record("path", "a")}0 path=b\n` }, { name: "a" }),
      /extended header is broken/,
    ],
    [
      "a record that ends within its key",
      rawTar({ name: "x", type: "x", content: "4 a\nb=c\n" }, { name: "a" }),
      /extended header is broken/,
    ],
    ["a negative size", rawTar({ name: "a", size: "-0000000001\0" }), /size of an entry/],
    [
      "a huge size",
      rawTar({ name: "a", size: "\u0080\0\0\0\0\0\0\u0001\0\0\0\0" }),
      /size of an entry/,
    ],
    [
      "a size that exceeds the archive",
      rawTar({ name: "a", size: "00000010000\0" }),
      /it is cut off/,
    ],
    ["half a header", rawEntry({ name: "a" }).subarray(0, 300), /it is cut off/],
    ["another file", bytes("kind: Service\n".repeat(100)), /it is not a tar/],
    [
      "data after the end",
      Buffer.concat([rawTar({ name: "a" }), rawTar({ name: "b" })]),
      /it is not a tar/,
    ],
    [
      "many entries",
      Buffer.concat(Array.from({ length: 5001 }, (_, n) => rawEntry({ name: `${n}/` }))),
      /more than 5000 entries/,
    ],
  ])("%s", (_, archive, fault) => {
    expect(read(archive)).toMatch(fault);
  });

  it("an altered header", () => {
    const archive = rawTar({ name: "a", content: "x" });
    archive[0] = 98;
    expect(read(archive)).toMatch(/a checksum is wrong/);
  });
});

describe("whatever the bytes are,", () => {
  it("reading ends without an error", () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      fc
        .record({
          name: fc.constantFrom("a", "a/b", "../a", ""),
          type: fc.constantFrom("0", "x", "g", "L", "5", "2", "\0"),
          content: fc.constantFrom("", "x", record("path", "b"), record("size", "9"), "7 a=\n"),
          size: fc.constantFrom(undefined, "77777777777\0", "\u0080", "00000000001\0"),
        })
        .map(({ size, ...entry }) =>
          rawEntry({ ...entry, ...(size === undefined ? {} : { size }) }),
        ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        expect(["files", "refused"]).toContain(readTar(Buffer.concat(parts)).kind);
      }),
    );
  });
});

describe("what is written", () => {
  it("is read as it was, by us and by GNU tar, whatever the order", async () => {
    const files = [long, "b.yaml", "a/ä.yaml"].map((path) => ({
      path,
      content: bytes(`${path}\n`),
    }));
    const archive = writeTar(files);
    expect(writeTar(files.toReversed())).toEqual(archive);
    const expected = Object.fromEntries(files.map(({ path }) => [path, `${path}\n`]));
    expect(read(archive)).toEqual(expected);
    const place = await folder({ "x.tar": "" });
    await writeFile(join(place, "x.tar"), archive);
    execFileSync("tar", ["-C", place, "-xf", join(place, "x.tar")]);
    for (const [path, content] of Object.entries(expected)) {
      expect(await readFile(join(place, path), "utf8")).toBe(content);
    }
  });
});
