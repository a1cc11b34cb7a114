import { gunzipSync } from "node:zlib";
import { environmentFiles } from "../../domain/artifact/environment-files.ts";
import { readTar } from "../../domain/artifact/read-tar.ts";
import type { Configuration } from "../../domain/configuration.ts";
import { lookUp } from "../../domain/look-up.ts";
import { pinnedMembers } from "../../domain/pod-spec/pinned-members.ts";
import { judgingBy } from "../../domain/pod-spec/schema/judging.ts";
import type {
  ArchivedObjects,
  ObjectArchive,
  ObjectArchives,
} from "../../ports/object-archives.ts";
import type { Fault } from "../fault.ts";
import { decoded, maxFolderSize } from "../project-files.ts";
import { readObjectFile } from "./read-object-file.ts";
import { readPodSpec, type PodSpecRules } from "./read-pod-spec.ts";

const maxFaults = 50;

/** The objects of one environment in the archive of a release, judged by the functions for files. */
export const readObjectArchive: ObjectArchives["read"] = async ({
  bytes,
  configuration,
  application,
  environment,
  schemas,
}) => {
  const rules = rulesOf({ application, environment, schemas }, configuration);
  if (!rules) return faulty(`promoter.yml has no ${environment} of ${application}`);
  const archive = unpack(bytes);
  if (typeof archive === "string") return faulty(`the archive cannot be read: ${archive}`);
  const all = readTar(archive);
  if (all.kind === "refused") return faulty(`the archive cannot be read: ${all.fault}`);
  const found = environmentFiles(all.files, environment);
  if (found.kind === "missing") return faulty(`the archive has no objects here: ${found.fault}`);
  const documents = found.files.flatMap(({ path, content }) =>
    readObjectFile(decoded(path, content)),
  );
  const { objects, faults } = readPodSpec(documents, rules);
  if (faults.length > 0) return faulty(...faults.slice(0, maxFaults).map(sentence));
  return objects.length > 0
    ? { kind: "objects", objects }
    : faulty(`the files of ${environment} in the archive contain no objects`);
};

function faulty(...faults: readonly string[]): ArchivedObjects {
  return { kind: "faulty", faults };
}

function rulesOf(
  {
    application,
    environment,
    schemas,
  }: Pick<ObjectArchive, "application" | "environment" | "schemas">,
  { registry, applications }: Configuration,
): PodSpecRules | undefined {
  const found = lookUp(applications, application);
  const podSpec = found && lookUp(found.environments, environment)?.podSpec;
  if (!found || !podSpec) return undefined;
  const members = pinnedMembers(application, Object.values(applications));
  const judging = judgingBy(schemas);
  return { ...podSpec, application, registry, members, judging };
}

/** A text is why it cannot be unpacked. Bytes after a gzip would be read by some programs alone. */
function unpack(bytes: Uint8Array): Uint8Array | string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes.length > maxFolderSize ? tooLarge : bytes;
  try {
    const { buffer, engine } = gunzipSync(bytes, {
      maxOutputLength: maxFolderSize,
      info: true,
    }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return engine.bytesWritten === bytes.length ? buffer : "there are bytes after its gzip";
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return isTooLarge ? tooLarge : "its gzip is broken";
  }
}

const tooLarge = `it holds more than ${maxFolderSize / 1024 / 1024} MiB`;

function sentence({ file, line, column, message, remedy }: Fault): string {
  return `${file}:${line}:${column} in the archive: ${message}; ${remedy}`;
}
