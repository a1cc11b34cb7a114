import { text } from "./tar-header.ts";

/** What a pax header says about the next entry, as far as it changes what the entry is. */
export interface PaxRecords {
  readonly path?: string;
  readonly size?: number;
}

/**
 * Records of the form `<length> <key>=<value>\n`; a text is what is wrong. Source: POSIX.1-2024,
 * pax, "pax Extended Header". Times, owners and attributes do not matter here.
 */
export function paxRecords(content: Uint8Array): PaxRecords | string {
  let found: PaxRecords = {};
  for (let at = 0; at < content.length;) {
    const [, length = "", key] =
      /^(\d{1,7}) ([^=]+)=/.exec(latin1(content.subarray(at, at + 300))) ?? [];
    if (key === undefined) return broken;
    const [start, end] = [at + length.length + 2 + key.length, at + Number(length)];
    if (end <= start || end > content.length || content[end - 1] !== newline) return broken;
    const value = text(content.subarray(start, end - 1));
    const changed = addRecord(found, key, value);
    if (typeof changed === "string") return changed;
    found = changed;
    at = end;
  }
  return found;
}

const newline = 10;
const broken = "an extended header is broken";

function addRecord(found: PaxRecords, key: string, value: string | undefined): PaxRecords | string {
  if (key.startsWith("GNU.sparse.")) return "it holds a sparse file";
  if (key === "path") {
    return value === undefined ? "the name of an entry is not UTF-8" : { ...found, path: value };
  }
  if (key !== "size") return found;
  return value !== undefined && /^\d{1,12}$/.test(value)
    ? { ...found, size: Number(value) }
    : "the size of an entry is not a number";
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
