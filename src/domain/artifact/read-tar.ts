import { quoted } from "../image/quoted.ts";
import { archivePath } from "./archive-path.ts";
import { paxRecords, type PaxRecords } from "./pax-records.ts";
import { blockSize, readHeader, text, type TarHeader } from "./tar-header.ts";

export interface ArchiveFile {
  /** Without `.`, `..` and a slash at either end. */
  readonly path: string;
  readonly content: Uint8Array;
}

export type ArchiveReading =
  | { readonly kind: "files"; readonly files: readonly ArchiveFile[] }
  /** `fault` is a sentence about the archive. */
  | { readonly kind: "refused"; readonly fault: string };

/** Objects have one file each, or one for many. */
const maxEntries = 5_000;

/**
 * The files of a tar: ustar, with the extended headers of pax and the long names of GNU. What
 * another program could unpack otherwise is refused: links, devices, sparse files, two entries of
 * one path, paths that lead out, data after the end. The caller bounds the size.
 */
export function readTar(archive: Uint8Array): ArchiveReading {
  const files = new Map<string, Uint8Array>();
  let extended: PaxRecords = {};
  let count = 0;
  for (let at = 0; !isEnd(archive, at);) {
    const entry = readEntry(archive, at, extended);
    if (typeof entry === "string") return refused(entry);
    if (++count > maxEntries) return refused(`it has more than ${maxEntries} entries`);
    const { header, content } = entry;
    at = entry.next;
    const said = extensionIn(header, content);
    if (typeof said === "string") return refused(said);
    const fault = said ? undefined : addFile(files, { header, content });
    if (fault !== undefined) return refused(fault);
    extended = said ? { ...extended, ...said } : {};
  }
  return { kind: "files", files: [...files].map(([path, content]) => ({ path, content })) };
}

function refused(fault: string): ArchiveReading {
  return { kind: "refused", fault };
}

interface Entry {
  readonly header: TarHeader;
  readonly content: Uint8Array;
  /** Where the next header is. */
  readonly next: number;
}

function readEntry(archive: Uint8Array, at: number, extended: PaxRecords): Entry | string {
  const block = archive.subarray(at, at + blockSize);
  if (block.length < blockSize) return "it is cut off";
  const header = readHeader(block);
  if (typeof header === "string") return header;
  const isExtension = ["pax", "global pax", "long name"].includes(header.kind);
  const size = isExtension ? header.size : (extended.size ?? header.size);
  const start = at + blockSize;
  if (start + size > archive.length) return "it is cut off";
  const name = isExtension ? header.name : (extended.path ?? header.name);
  // Before POSIX a slash at the end made a folder of it, and many programs still write that.
  const kind = header.kind === "file" && name.endsWith("/") ? "folder" : header.kind;
  return {
    header: { kind, name, size },
    content: archive.subarray(start, start + size),
    next: start + Math.ceil(size / blockSize) * blockSize,
  };
}

/** Of the next entry; undefined where this one is an entry itself. */
function extensionIn({ kind }: TarHeader, content: Uint8Array): PaxRecords | string | undefined {
  switch (kind) {
    case "pax":
      return paxRecords(content);
    case "global pax": {
      const records = paxRecords(content);
      // git archive writes a comment so; a path or size of all entries makes no sense.
      if (typeof records === "string") return records;
      return Object.keys(records).length > 0 ? "a global header names a path or a size" : {};
    }
    case "long name": {
      const path = text(content);
      return path === undefined ? "the name of an entry is not UTF-8" : { path };
    }
    case "file":
    case "folder":
    case "link":
    case "other":
      return undefined;
    default:
      return kind satisfies never;
  }
}

function addFile(
  files: Map<string, Uint8Array>,
  { header: { kind, name, size }, content }: Pick<Entry, "header" | "content">,
): string | undefined {
  const place = archivePath(name);
  if ("fault" in place) return `its entry ${quoted(name)} ${place.fault}`;
  if (kind === "folder") {
    return size === 0 ? undefined : `its entry ${quoted(name)} is a folder with content`;
  }
  if (kind !== "file") {
    return `its entry ${quoted(name)} is ${kind === "link" ? "a link" : "no file"}, and only files are read`;
  }
  if (place.path === "" || files.has(place.path)) return `it has ${quoted(name)} twice`;
  files.set(place.path, content);
  return undefined;
}

/** Two blocks of zeros end a tar; programs pad it with more of them, and some write none at all. */
function isEnd(archive: Uint8Array, at: number): boolean {
  return archive.subarray(at).every((byte) => byte === 0);
}
