import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeAsGo, type Shape } from "../../containerd/go-json.ts";

const inner: Shape = { struct: { os: "anything", size: "anything" } };
const shape: Shape = {
  struct: {
    layers: { list: inner },
    config: inner,
    platform: { struct: { os: "anything" }, pointer: true },
    digest: "anything",
  },
};
const decode = (text: string): unknown => decodeAsGo(Buffer.from(text), shape);

// Go's documentation of json.Unmarshal; TestUnmarshal and fold_test.go of encoding/json.
it.each([
  ['{"digest":"a","Digest":"b"}', { digest: "b" }],
  ['{"Digest":"b","digest":"a"}', { digest: "a" }],
  ['{"DIGEST":"a"}', { digest: "a" }],
  ['{"layer\u017f":[{"O\u017f":1}]}', { layers: [{ os: 1 }] }],
  ['{"d\\u0069gest":"a"}', { digest: "a" }],
  ['{"config":{"os":"a"},"config":{"size":2}}', { config: { os: "a", size: 2 } }],
  ['{"config":{"os":"a"},"config":null}', { config: { os: "a" } }],
  ['{"platform":{"os":"a"},"platform":null}', {}],
  ['{"layers":[{"os":"a"},{"os":"b"}],"Layers":[{"size":2}]}', { layers: [{ os: "a", size: 2 }] }],
  ['{"layers":[{"os":"a"}],"layers":null}', {}],
  ['{"further":{"digest":1},"digest":"a"}', { digest: "a" }],
  ['{ "digest" : [ 1 , { "a" : "b}]\\"" } , true ] }', { digest: [1, { a: 'b}]"' }, true] }],
  ["{}", {}],
])("%s is %j", (text, value) => {
  expect(decode(text)).toEqual(value);
});

it.each([
  '{"layers":{}}',
  '{"config":[]}',
  '{"config":"x"}',
  '{"layers":7}',
  "[]",
  "{} {}",
  "\ufeff{}",
  "{",
])("%s cannot be decoded", (text) => {
  expect(() => decode(text)).toThrow(/JSON|json/);
});

it("puts U+FFFD for bytes that are not UTF-8", () => {
  expect(decodeAsGo(Buffer.from('{"digest":"\xe9"}', "latin1"), shape)).toEqual({
    digest: "\ufffd",
  });
});

it("decodes whatever has no struct as JSON.parse does", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(decodeAsGo(Buffer.from(text), "anything")).toEqual(JSON.parse(text));
    }),
  );
});
