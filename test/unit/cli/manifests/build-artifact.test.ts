import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildArtifact } from "../../../../cli/manifests/build-artifact.ts";
import { gatherFiles } from "../../../../cli/manifests/gather-files.ts";
import { storedGzip } from "../../../../cli/manifests/stored-gzip.ts";
import { readTar } from "../../../../src/domain/artifact/read-tar.ts";

async function folder(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "promoter-"));
  onTestFinished(() => rm(place, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  return place;
}

it.each([0, 1, 65_535, 65_536, 200_000])("a gzip of %i stored bytes is read by zlib", (size) => {
  const content = Buffer.alloc(size, "abc");
  expect(gunzipSync(storedGzip(content)).equals(content)).toBe(true);
});

it("an artifact holds the objects of a folder and nothing else, and has the same digest wherever it is made", async () => {
  const place = await folder({
    "production/api.yaml": "kind: Service\n",
    "staging/api.yaml": "kind: Service\n",
    "production/README.md": "# no object\n",
    "notes.txt": "",
  });
  const { blobs, manifest } = buildArtifact(await gatherFiles(place));
  const read = readTar(gunzipSync(blobs[1]?.bytes ?? ""));
  expect(read).toMatchObject({
    files: [{ path: "production/api.yaml" }, { path: "staging/api.yaml" }],
  });
  expect(manifest.digest).toBe(
    "sha256:d1a37d421a238ece429563c26cf7b225c249021b47004ac07a06f31f21608122",
  );
});

describe("a folder is refused that", () => {
  it.each<readonly [string, Readonly<Record<string, string | Buffer>>, RegExp]>([
    [
      "has no folders for environments",
      { "api.yaml": "" },
      /has no folders with .* such as .*\/production\/api\.yaml$/,
    ],
    ["has only other files", { "production/README.md": "" }, /has no folders with/],
    [
      "holds too much",
      { "a/a.yaml": Buffer.alloc(9_000_000) },
      /holds 9000000 bytes of objects, more than 8 MiB/,
    ],
  ])("%s", async (_, files, fault) => {
    await expect(gatherFiles(await folder(files))).rejects.toThrow(fault);
  });

  it("is not there", async () => {
    await expect(gatherFiles("/nowhere")).rejects.toThrow("there is no folder /nowhere");
  });

  it("has a link", async () => {
    const place = await folder({ "production/a.yaml": "" });
    await symlink("a.yaml", join(place, "production/b.yaml"));
    await expect(gatherFiles(place)).rejects.toThrow(/b\.yaml is not a file itself/);
  });

  it("has a link to a folder", async () => {
    const place = await folder({ "production/a.yaml": "" });
    await symlink("production", join(place, "staging"));
    await expect(gatherFiles(place)).rejects.toThrow(/staging is a link to a folder/);
  });
});

it("an archive that is larger than a promotion reads is not pushed", async () => {
  const place = await folder({ "production/a.yaml": Buffer.alloc(5_000_000) });
  const files = await gatherFiles(place);
  expect(() => buildArtifact(files)).toThrow(/the archive has \d+ bytes, more than 4 MiB/);
});
