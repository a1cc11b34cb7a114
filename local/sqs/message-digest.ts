import { createHash } from "node:crypto";

export type Attributes = Readonly<Record<string, string>>;

export function bodyDigest(body: string): string {
  return createHash("md5").update(body).digest("hex");
}

/**
 * MD5 over the attributes in order of their names: length and bytes of name, type and value, the
 * value after one byte for its kind (SQS developer guide "sqs-message-metadata", "Calculating the
 * MD5 message digest for message attributes").
 */
export function attributesDigest(attributes: Attributes): string {
  const hash = createHash("md5");
  for (const name of Object.keys(attributes).toSorted()) {
    hash
      .update(sized(name))
      .update(sized("String"))
      .update(Buffer.of(stringKind))
      .update(sized(attributes[name] ?? ""));
  }
  return hash.digest("hex");
}

const stringKind = 1;

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
