import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * A state machine with what happens around it and what must come of it. Expectations are the
 * vendor's, see `source`.
 */
export interface AslDocument {
  readonly name: string;
  readonly source: string;
  readonly definition: unknown;
  readonly input?: unknown;
  /** Replies by function, in the order of the calls; `after` seconds. */
  readonly functions?: Readonly<Record<string, readonly Reply[]>>;
  readonly random?: readonly number[];
  readonly timeline?: readonly Happening[];
  readonly expect: Expectation;
  /** Texts that the refusal contains; the definition is then not run. */
  readonly refused?: readonly string[];
  /** All that the refusal says, line by line. */
  readonly faults?: readonly string[];
}

export interface Reply {
  readonly ok?: unknown;
  /** Answers a text of this many bytes. */
  readonly okBytes?: number;
  readonly error?: string;
  readonly message?: string;
  readonly trace?: readonly string[];
  readonly after?: number;
}

/** A call at a number of seconds after the start. `answer`: the error that it gets. */
export interface Happening {
  readonly at: number;
  readonly success?: unknown;
  readonly rawSuccess?: string;
  readonly failure?: { readonly error?: string; readonly cause?: string };
  readonly heartbeat?: true;
  readonly stop?: { readonly error?: string; readonly cause?: string };
  readonly look?: { readonly finishedFunctions: number };
  /** Which of the tokens handed out, the latest unless told. */
  readonly token?: number;
  readonly forged?: string;
  readonly answer?: string;
}

/**
 * Strings are types of events, with ` @seconds` where the time matters; `undefined` means that a
 * field is absent.
 */
export interface Expectation {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly causeContains?: string;
  readonly seconds?: number;
  readonly transitions?: number;
  readonly history?: readonly (
    | string
    | Readonly<Record<string, Readonly<Record<string, unknown>>>>
  )[];
  readonly previous?: readonly number[];
  readonly events?: Readonly<Record<string, number>>;
  readonly tail?: readonly string[];
  readonly length?: number;
  readonly invoked?: readonly Readonly<Record<string, unknown>>[];
  readonly distinctTokens?: number;
}

const folder = join(import.meta.dirname, "../fixtures/asl");

export function aslDocuments(): readonly (AslDocument & { readonly file: string })[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const documents = parse(readFileSync(join(folder, file), "utf8")) as readonly AslDocument[];
      return documents.map((document) => ({ ...document, file: file.replace(".yml", "") }));
    });
}
