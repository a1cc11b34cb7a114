import { afterEach, expect, it } from "vitest";
import type { BuiltImage } from "../../ecr/builder/image-builder.ts";
import {
  clientSequences,
  type ClientSequence,
  type Step,
} from "../fixtures/oci/client-sequences.ts";
import { anImage, authorization, startRegistry, type TestRegistry } from "./start-registry.ts";

let registry: TestRegistry;
afterEach(() => registry.close());

it.each(clientSequences)("answers $client as the client expects", async ({ steps, dialect }) => {
  registry = await startRegistry();
  const image = anImage({ mediaTypes: dialect });
  await replay(image, steps);
  const stored = await registry.oci("GET", "/v2/orderbook-api/manifests/dev-1.4.2");
  expect(Buffer.from(await stored.arrayBuffer())).toEqual(image.manifest.bytes);
});

it.each(clientSequences)("emits exactly one push event for $client", async ({ steps, dialect }) => {
  registry = await startRegistry();
  const image = anImage({ mediaTypes: dialect });
  await replay(image, steps);
  // Shape: captured events, facts of the user guide "Sample events from Amazon ECR".
  expect(registry.events).toEqual([
    {
      source: "aws.ecr",
      "detail-type": "ECR Image Action",
      resources: [],
      detail: {
        "action-type": "PUSH",
        "repository-name": "orderbook-api",
        result: "SUCCESS",
        "image-digest": image.manifest.digest,
        "image-tag": "dev-1.4.2",
        "manifest-media-type": image.manifest.mediaType,
        "artifact-media-type": image.config.mediaType,
      },
    },
  ]);
});

async function replay(image: BuiltImage, steps: ClientSequence["steps"]): Promise<void> {
  const known: Record<string, string> = {
    layer: image.layers[0]?.digest ?? "",
    config: image.config.digest,
    manifest: image.manifest.digest,
    manifestType: image.manifest.mediaType,
  };
  for (const [at, step] of steps.entries()) {
    const response = await send(image, step, known);
    const wanted = Object.entries(step.answers ?? {}).map(([name, value]) => [
      name,
      expected(filled(value, known)),
    ]);
    const answered = Object.keys(step.answers ?? {}).map((name) => [
      name,
      response.headers.get(name),
    ]);
    const about = `step ${at + 1}: ${step.method} ${step.path}`;
    expect([about, response.status, ...answered]).toEqual([about, step.status, ...wanted]);
    known["upload"] = response.headers.get("location") ?? known["upload"] ?? "";
  }
}

function send(
  image: BuiltImage,
  step: Step,
  known: Readonly<Record<string, string>>,
): Promise<Response> {
  const bodies = {
    layer: image.layers[0]?.bytes,
    config: image.config.bytes,
    manifest: image.manifest.bytes,
  };
  const body = step.body && bodies[step.body];
  const headers = Object.entries(step.headers ?? {}).map(([name, value]) => [
    name,
    filled(value, known),
  ]);
  const login = step.anonymous ? {} : { authorization };
  return fetch(new URL(filled(step.path, known), registry.origin), {
    method: step.method,
    headers: { ...login, ...Object.fromEntries(headers) },
    ...(body && { body: new Uint8Array(body) }),
  });
}

function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(
    /\{(layer|config|manifestType|manifest|upload)\}/g,
    (_, name: string) => known[name] ?? "",
  );
}

function expected(value: string): unknown {
  return value.startsWith("~") ? expect.stringMatching(new RegExp(value.slice(1))) : value;
}
