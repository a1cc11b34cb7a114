/**
 * A ustar archive of plain files, the same bytes for the same files. Source: POSIX.1-2017, pax,
 * "ustar Interchange Format".
 */
export function tar(files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const blocks = entries.flatMap(([path, content]) => [
    header(path, Buffer.byteLength(content)),
    padded(content),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]);
}

/** Headers and contents fill whole blocks; two empty ones end the archive. */
const blockSize = 512;

function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) {
    throw new Error(`path too long for a plain ustar header: ${path}`);
  }
  const block = Buffer.alloc(blockSize);
  block.write(path, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  return checksummed(block);
}

/** The sum of all bytes, counting its own field as spaces. */
function checksummed(block: Buffer): Buffer {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return block;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\u0000`;
}

function padded(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize)]);
}
