import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { clientSettings, emulatorOrigin } from "./emulator.ts";

export interface Call {
  readonly method?: "GET" | "PUT" | "POST";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/**
 * One signed request to a service for which no client of the SDK is among our packages. Throws what
 * the emulator refuses.
 */
export async function callEmulator(
  service: string,
  { method = "POST", path = "/", headers = {}, body = "" }: Call,
): Promise<string> {
  const { region, credentials } = clientSettings();
  const url = new URL(path, emulatorOrigin());
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: {},
    headers: { host: url.host, ...headers },
    body,
  };
  const signed = await signer.sign(request);
  const answer = await fetch(url, {
    method,
    headers: signed.headers,
    ...(method !== "GET" && { body }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${service} answered ${method} ${path} with ${answer.status}: ${text}`);
  }
  return text;
}
