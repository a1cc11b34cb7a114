import { textAt } from "../domain/json.ts";
import type { ObjectSource } from "../domain/pod-spec/object-source.ts";
import type { Draft } from "./draft.ts";
import { readObjectFile } from "./objects/read-object-file.ts";
import type { ProjectFile, ProjectFolder, UnreadFile } from "./project-files.ts";
import type { YamlText } from "./yaml-text.ts";

export type FolderReader = (folder: string) => Promise<ProjectFolder>;

/** What a command prints. */
export type CommandRunner = (command: string) => Promise<ProjectFile>;

export interface SourceReaders {
  readonly readFiles: FolderReader;
  /** Absent: no command is run, and what it would print is not judged. */
  readonly run: CommandRunner | undefined;
}

/**
 * The documents of a source; why it cannot be read; `missing` for a folder that does not exist;
 * `left out` for a command that was not run. Those of an artifact come with each release.
 */
export type SourceDocuments = readonly YamlText[] | UnreadFile | "missing" | "left out";

/** Environments that share a source share its documents: a command runs once. */
export type Sources = ReadonlyMap<string, SourceDocuments>;

export function sourceKey(source: ObjectSource): string {
  return JSON.stringify(source);
}

export async function readSources(
  { environments }: Draft,
  readers: SourceReaders,
): Promise<Sources> {
  const named = environments.flatMap(({ objects }) => objects ?? []);
  const sources = [...new Map(named.map((source) => [sourceKey(source), source])).values()];
  const [folders, commands] = [
    sources.filter(({ kind }) => kind === "files"),
    sources.filter(({ kind }) => kind === "render"),
  ];
  const read = async (source: ObjectSource): Promise<readonly [string, SourceDocuments]> => [
    sourceKey(source),
    await documentsOf(source, readers),
  ];
  return new Map([
    ...(await Promise.all(folders.map(read))),
    ...(await fewAtATime(commands.map((source) => async () => read(source)))),
  ]);
}

/** Programs compete for the processors of one machine. */
const maxPrograms = 4;

async function fewAtATime<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const waiting = tasks.entries();
  const done: T[] = [];
  const work = async (): Promise<void> => {
    for (const [index, task] of waiting) done[index] = await task();
  };
  await Promise.all(Array.from({ length: maxPrograms }, work));
  return done;
}

async function documentsOf(
  source: ObjectSource,
  { readFiles, run }: SourceReaders,
): Promise<SourceDocuments> {
  if (source.kind === "files") {
    const found = await readFiles(source.folder);
    if (found === undefined) return "missing";
    return "unread" in found ? found : found.flatMap(readObjectFile);
  }
  if (!run || source.kind === "artifact") return "left out";
  const printed = await run(source.command);
  return "unread" in printed ? printed : readObjectFile(printed).map(nameObject);
}

/** Nobody can open what a command printed, so the faults name the object as well. */
function nameObject(document: YamlText): YamlText {
  const { value, locate } = document;
  const name = [textAt(value, "kind"), textAt(value, "metadata", "name")].join(" ").trim();
  if (name === "") return document;
  return {
    ...document,
    locate: (finding) => locate({ ...finding, message: `${name}: ${finding.message}` }),
  };
}
