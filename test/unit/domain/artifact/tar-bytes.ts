/** Puts a tar together by hand, wrong ones too. */
export interface RawEntry {
  readonly name: string;
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** Of the header, where it is to differ from that of the content. */
  readonly size?: string;
  readonly magic?: string;
  readonly prefix?: string;
}

export function rawTar(...entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(1024)]);
}

export function rawEntry({
  name,
  type = "0",
  content = "",
  size,
  magic = "ustar\u000000",
  prefix = "",
}: RawEntry): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(size ?? `${bytes.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write("        ", 148);
  header.write(type, 156);
  header.write(magic, 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** One record of a pax header. */
export function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = (digits: number): number => digits + Buffer.byteLength(rest);
  const digits = [1, 2, 3, 4].find((count) => String(length(count)).length === count) ?? 0;
  return `${length(digits)}${rest}`;
}
