import type { ArchiveFile } from "./read-tar.ts";
import { blockSize } from "./tar-header.ts";

/** A tar of files: the same bytes for the same files, whoever makes it, where and when. */
export function writeTar(files: readonly ArchiveFile[]): Uint8Array {
  const sorted = files.toSorted((one, other) => Number(one.path > other.path) * 2 - 1);
  const blocks = sorted.flatMap(({ path, content }) => [
    ...longName(path),
    header(shortName(path), content.length, "0"),
    padded(content),
  ]);
  return join([...blocks, new Uint8Array(2 * blockSize)]);
}

const encoder = new TextEncoder();
const maxName = 100;

/** By GNU: what does not fit is in an entry of its own before. Every reader of today knows it. */
function longName(path: string): readonly Uint8Array[] {
  const name = encoder.encode(`${path}\0`);
  return name.length - 1 <= maxName
    ? []
    : [header(encoder.encode("././@LongLink"), name.length, "L"), padded(name)];
}

function shortName(path: string): Uint8Array {
  return encoder.encode(path).subarray(0, maxName);
}

function header(name: Uint8Array, size: number, type: string): Uint8Array {
  const block = new Uint8Array(blockSize);
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at);
  block.set(name, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put("        ", 148);
  put(type, 156);
  put("ustar  \0", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function padded(content: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil(content.length / blockSize) * blockSize);
  block.set(content);
  return block;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
