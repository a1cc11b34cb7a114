import { randomBytes } from "node:crypto";
import type { Configuration } from "./configuration.ts";
import { escapeHtml } from "./escape-html.ts";
import { htmlPage } from "./html-page.ts";
import { isLoopback } from "./is-loopback.ts";
import type { RealParts } from "./real-parts/real-parts.ts";
import type { CloudContext, Service } from "./service.ts";

export interface FrontPageOptions {
  readonly configuration: Configuration;
  readonly real: RealParts;
  /** Names of the simulated clusters. */
  readonly clusters: readonly string[];
  readonly stateMachineArn: string;
}

/** `GET /`: what is here, and how to reach it. */
export function createFrontPage(context: CloudContext, options: FrontPageOptions): Service {
  return {
    name: "front-page",
    isFront: true,
    operation: () => undefined,
    handle({ method, headers }) {
      // Another name for 127.0.0.1 (DNS rebinding) would let a foreign page read ours.
      if (!isLoopback(headers["host"] ?? "")) {
        return Promise.resolve({ status: 403, body: "this page is only for this machine\n" });
      }
      if (method !== "GET" && method !== "HEAD") {
        return Promise.resolve({
          status: 405,
          headers: { allow: "GET, HEAD" },
          body: `/ is a page for people; requests to AWS are signed for a service, and this ${method} is not\n`,
        });
      }
      const nonce = randomBytes(16).toString("base64");
      return Promise.resolve(
        htmlPage(frontPage(context, options, nonce), [`style-src 'nonce-${nonce}'`]),
      );
    },
    close: () => Promise.resolve(),
  };
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; }
dt { font-weight: 600; margin-top: .8rem; }
dd { margin: 0; }
code { overflow-wrap: anywhere; }
`;

function frontPage(context: CloudContext, options: FrontPageOptions, nonce: string): string {
  const entries = [...applications(options.configuration), ...doors(context, options)].map(
    ([name, ...lines]) =>
      `<dt>${escapeHtml(name)}</dt>${lines.map((line) => `<dd>${line}</dd>`).join("")}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Promoter: the local cloud</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<h1>The local cloud</h1>
<p>It simulates the services that the promoter needs, on this machine alone.</p>
<dl>${entries.join("\n")}</dl>
</body>
</html>
`;
}

type Entry = readonly [name: string, ...lines: readonly string[]];

function applications({ applications: all }: Configuration): readonly Entry[] {
  return Object.values(all).map(({ name, members, environments }) => {
    const images = members.map((member) => member.name).join(", ");
    return [name, `${escapeHtml(images)} → ${escapeHtml(Object.keys(environments).join(", "))}`];
  });
}

/** What a user's own part takes the place of has no door here. */
function doors(
  context: CloudContext,
  { real, clusters, stateMachineArn }: FrontPageOptions,
): readonly Entry[] {
  const [origin, host] = [context.origin(), context.origin().replace("http://", "")];
  return [
    ...(real.slack
      ? []
      : [["Slack", link("/_slack/", "the channels, with the buttons of each question")] as const]),
    ...(real.ecr
      ? []
      : [
          [
            "Registry",
            code(`docker login ${host} -u AWS`),
            "<code>npm start</code> printed the password in its terminal.",
            "Without an image of your own: <code>npm run push -- &lt;application&gt; &lt;version&gt;</code>",
          ] as const,
        ]),
    [
      "AWS",
      code(
        [
          "AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=any",
          `aws --region ${context.region} --endpoint-url ${origin}`,
          `stepfunctions list-executions --state-machine-arn ${stateMachineArn}`,
        ].join(" "),
      ),
    ],
    ...clusters.map(
      (cluster) =>
        [
          `Cluster ${cluster}`,
          code(`kubectl --server ${origin}/_kubernetes/${cluster} get pods --all-namespaces`),
          link(`/_kubernetes/${encodeURIComponent(cluster)}/api/v1/pods`, "its pods as JSON"),
        ] as const,
    ),
    [
      "Inject faults",
      code(`curl -d '{"kind":"crash","image":"<repository>"}' ${origin}/_local/faults`),
      "More of them: <code>local/README.md</code>",
    ],
    ["Commands", code("npm run promoter -- status")],
  ];
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function link(path: string, text: string): string {
  return `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`;
}
