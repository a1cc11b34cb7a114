import { assert, property, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBytes, encodeBase64, encodeBytes } from "../../../src/domain/base64.ts";

describe("base64", () => {
  it("is what Buffer makes of a text", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        expect(encodeBase64(text)).toBe(Buffer.from(text).toString("base64"));
      }),
    );
  });

  it("gives every byte back", () => {
    assert(
      property(uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBytes(decodeBytes(text))).toBe(text);
      }),
    );
  });

  it.each(["aGk=", "aGk", "aG\nk=", "-_-_", "aGkx!", "a", "", "aGk=aGk=", "====", "a=b"])(
    "reads %j as Buffer does",
    (text) => {
      expect(decodeBytes(text)).toBe(Buffer.from(text, "base64").toString("latin1"));
    },
  );
});
