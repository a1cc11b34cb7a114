/**
 * One header of a tar. Source: POSIX.1-2024, pax, "ustar Interchange Format"; GNU tar 1.35 manual,
 * "Basic Tar Format".
 */
export interface TarHeader {
  readonly kind: EntryKind;
  readonly name: string;
  /** Of the content that follows, in bytes. */
  readonly size: number;
}

export type EntryKind =
  | "file"
  | "folder"
  /** Says more about the next entry. */
  | "pax"
  | "long name"
  /** About all that follow. */
  | "global pax"
  | "link"
  | "other";

export const blockSize = 512;

const kinds: Readonly<Record<string, EntryKind>> = {
  "": "file",
  "0": "file",
  "5": "folder",
  x: "pax",
  g: "global pax",
  L: "long name",
  "1": "link",
  "2": "link",
  K: "link",
};

/** A text is what is wrong with it. */
export function readHeader(block: Uint8Array): TarHeader | string {
  if (checksum(block) !== octal(block.subarray(148, 156))) {
    return "it is not a tar, or it was altered: a checksum is wrong";
  }
  const size = sizeOf(block.subarray(124, 136));
  if (size === undefined) return "the size of an entry is not a number";
  const name = text(block.subarray(0, 100));
  const isUstar = text(block.subarray(257, 263)) === "ustar" && block[262] === 0;
  const prefix = isUstar ? text(block.subarray(345, 500)) : "";
  if (name === undefined || prefix === undefined) return "the name of an entry is not UTF-8";
  const kind = kinds[String.fromCharCode(block[156] ?? 0).replace("\0", "")] ?? "other";
  return { kind, name: prefix === "" ? name : `${prefix}/${name}`, size };
}

/** The sum of all bytes, with blanks in the place of the sum. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function sizeOf(field: Uint8Array): number | undefined {
  return ((field[0] ?? 0) & 0x80) === 0 ? octal(field) : base256(field);
}

/** GNU writes so what has more than 8 GiB; all that is of interest here fits into 32 bits. */
function base256(field: Uint8Array): number | undefined {
  const isSmall = field[0] === 0x80 && field.subarray(1, -4).every((byte) => byte === 0);
  return isSmall ? field.subarray(-4).reduce((value, byte) => value * 256 + byte, 0) : undefined;
}

function octal(field: Uint8Array): number | undefined {
  const [, digits] = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...field)) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** Up to the first NUL; undefined when it is not UTF-8. */
export function text(field: Uint8Array): string | undefined {
  const end = field.indexOf(0);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      end < 0 ? field : field.subarray(0, end),
    );
  } catch {
    return undefined;
  }
}
