declare module "dynalite" {
  import type { EventEmitter } from "node:events";
  import type { Readable } from "node:stream";

  /** What dynalite's handler reads of a request. */
  interface DynaliteRequest extends Readable {
    method: string;
    url: string;
    headers: Readonly<Record<string, string>>;
  }

  /** What it writes to of a response. */
  interface DynaliteResponse {
    statusCode: number;
    setHeader(name: string, value: string | number): void;
    end(body?: string): void;
  }

  /** An http.Server: its handler answers every "request" event, from a socket or not. */
  interface Dynalite extends EventEmitter {
    emit(event: "request", request: DynaliteRequest, response: DynaliteResponse): boolean;
  }

  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSizeKb?: number;
  }): Dynalite;
}
