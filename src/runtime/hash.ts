import { createHash, createHmac } from "node:crypto";
import type { Hash, Mac } from "../domain/hash.ts";

export const sha256: Hash = (text) => createHash("sha256").update(text, "utf8").digest("hex");

export const hmacSha256: Mac = (key, text) =>
  createHmac("sha256", Buffer.from(key, "hex")).update(text, "utf8").digest("hex");
