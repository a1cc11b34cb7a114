import { crc32 } from "node:zlib";

/**
 * A gzip that stores instead of compressing (RFC 1951, 3.2.4 and RFC 1952): compressed bytes differ
 * between processors and versions of zlib, and the digest must not.
 */
export function storedGzip(content: Uint8Array): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([header, ...storedBlocks(content), trailer]);
}

const maxBlock = 65_535;

function storedBlocks(content: Uint8Array): readonly Uint8Array[] {
  const count = Math.max(1, Math.ceil(content.length / maxBlock));
  return Array.from({ length: count }, (_, index) => {
    const piece = content.subarray(index * maxBlock, (index + 1) * maxBlock);
    const head = Buffer.from([index === count - 1 ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(0xff_ff - piece.length, 3);
    return Buffer.concat([head, piece]);
  });
}
