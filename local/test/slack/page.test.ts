import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderBlocks } from "../../slack/render-blocks.ts";
import { renderMrkdwn } from "../../slack/render-text.ts";
import { aWorkspace, type AWorkspace, channel, question } from "./a-workspace.ts";

let workspace: AWorkspace;
let ts: string;
beforeEach(async () => {
  workspace = await aWorkspace();
  ({ ts } = await workspace.call("chat.postMessage", {
    channel,
    text: "Release?",
    blocks: question,
  }));
});
afterEach(() => workspace.stop());

async function html(): Promise<string> {
  return (await fetch(`${workspace.origin}/_slack/`)).text();
}

async function click(headers: Record<string, string>): Promise<number> {
  const body = JSON.stringify({ user: "U012AB3CD", channel, ts, actionId: "approve" });
  return (
    await fetch(`${workspace.origin}/_slack/click`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    })
  ).status;
}

async function pageKey(): Promise<string> {
  return /data-key="([^"]+)"/.exec(await html())?.[1] ?? "";
}

async function readMessages(): Promise<{ version: number; html: string }> {
  const response = await fetch(`${workspace.origin}/_slack/messages.json?user=U012AB3CD`);
  return (await response.json()) as { version: number; html: string };
}

/** fetch does not let a Host through. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${workspace.origin}/_slack/messages.json`,
      { headers: { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.on("error", reject).end();
  });
}

describe("the page", () => {
  it("shows channels, people, messages and buttons", async () => {
    const text = await html();
    expect(text).toContain('<h2 id="C0RELEASES">#releases</h2>');
    expect(text).toContain('<option value="U012AB3CD">alice</option>');
    expect(text).toContain("Release <strong>orderbook 1.4.2</strong>?");
    expect(text).toMatch(
      /<button type="button" class="primary" data-action="approve">Approve<\/button>/,
    );
  });

  it("loads nothing from elsewhere, and lets only its own script run", async () => {
    const response = await fetch(`${workspace.origin}/_slack/`);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; connect-src 'self'/,
    );
    expect(await response.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it("reports when something has changed", async () => {
    const before = await readMessages();
    await workspace.call("chat.update", { channel, ts, text: "Approved" });
    const after = await readMessages();
    expect(after.version).toBeGreaterThan(before.version);
    expect([after.html.includes("Approved"), after.html.includes("<button")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a click on the page", () => {
  it("is sent on when it comes from the page itself", async () => {
    expect(await click({ origin: workspace.origin, "x-page-key": await pageKey() })).toBe(200);
    expect(workspace.delivered).toHaveLength(1);
  });

  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["no origin", {}],
    ["the page of another port", { origin: "http://127.0.0.1:1" }],
  ])("is refused from %s even with the key", async (_what, headers) => {
    expect(await click({ ...headers, "x-page-key": await pageKey() })).toBe(403);
    expect(workspace.delivered).toEqual([]);
  });

  it.each(["", "guess", "x".repeat(32)])("is refused with the key %j", async (key) => {
    expect(await click({ origin: workspace.origin, "x-page-key": key })).toBe(403);
    expect(workspace.delivered).toEqual([]);
  });
});

it("answers only under the names of this machine", async () => {
  expect(await statusWithHost("rebound.example")).toBe(403);
  expect(await statusWithHost("localhost:80")).toBe(200);
});

describe("what a message may contain", () => {
  // https://docs.slack.dev/messaging/formatting-message-text
  it.each([
    ["*bold* and _italic_ and ~gone~", "<strong>bold</strong> and <em>italic</em> and <s>gone</s>"],
    ["2*3*4 snake_case_name", "2*3*4 snake_case_name"],
    ["`a*b*c` &lt;x&gt; &amp;amp;", "<code>a*b*c</code> &lt;x&gt; &amp;amp;"],
    [
      "<@U012AB3CD> <!here>",
      '<span class="mention">@alice</span> <span class="mention">@here</span>',
    ],
    [
      '<https://a.example/?x=1&y="|a & b>',
      '<a href="https://a.example/?x=1&amp;y=&quot;" rel="noreferrer noopener" target="_blank">a &amp; b</a>',
    ],
    ["<javascript:alert(1)|click>", "click"],
    ["<script>alert(1)</script>", "scriptalert(1)/script"],
    ["<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"],
    [":rocket: :constructor:", "🚀 :constructor:"],
  ])("shows %s", (text, expected) => {
    expect(renderMrkdwn(text, [{ id: "U012AB3CD", name: "alice" }])).toBe(expected);
  });

  const evil = '<img src=x onerror="alert(1)">';
  it.each([
    ["header", { type: "header", text: { type: "plain_text", text: evil } }],
    ["field", { type: "section", fields: [{ type: "plain_text", text: evil }] }],
    ["context", { type: "context", elements: [{ type: "mrkdwn", text: evil }] }],
    [
      "button",
      {
        type: "actions",
        elements: [
          {
            type: "button",
            action_id: evil,
            text: { type: "plain_text", text: evil },
            confirm: { title: { text: evil } },
          },
        ],
      },
    ],
    [
      "rich text",
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "text", text: evil, style: { bold: true } },
              { type: "date", timestamp: 1, fallback: evil },
            ],
          },
        ],
      },
    ],
    [
      "preformatted text",
      {
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: evil }] }],
      },
    ],
  ])("is escaped in a %s", (_where, block) => {
    expect(renderBlocks([block], [])).not.toContain("<img");
  });
});
