import { match } from "node:assert/strict";
import { test } from "node:test";
import { pageOf } from "./page.mjs";

test("a title is text, not markup", () => match(pageOf("<b>"), /<title>&lt;b&gt;<\/title>/));
