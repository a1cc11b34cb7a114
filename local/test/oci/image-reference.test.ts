import { describe, expect, it } from "vitest";
import { parseImageReference } from "../../oci/image-reference.ts";

const digest = `sha256:${"0f".repeat(32)}`;

describe("an image reference", () => {
  it.each([
    ["nginx", { repository: "nginx" }],
    ["team/web:1.2", { repository: "team/web", tag: "1.2" }],
    ["localhost/web", { host: "localhost", repository: "web" }],
    ["localhost:5000/web", { host: "localhost:5000", repository: "web" }],
    ["localhost:5000", { repository: "localhost", tag: "5000" }],
    ["[::1]:5000/web:a", { host: "[::1]:5000", repository: "web", tag: "a" }],
    ["Registry/web", { host: "Registry", repository: "web" }],
    [`a.b/c/d:e@${digest}`, { host: "a.b", repository: "c/d", tag: "e", digest }],
    [`web@${digest}`, { repository: "web", digest }],
  ])("%s is taken apart as a node does it", (text, parts) => {
    const none = { host: undefined, tag: undefined, digest: undefined };
    expect(parseImageReference(text)).toEqual({ ...none, ...parts });
  });

  it.each([
    "",
    "Web",
    "web:",
    "web:-a",
    "a//b",
    "https://a.b/c",
    "web:a:b",
    "web@sha256:00",
    `web@${digest}@${digest}`,
    "0f".repeat(32),
    `a.b/${"c".repeat(256)}`,
    " web",
    "-a.b/web",
  ])("%j is not one", (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });
});
