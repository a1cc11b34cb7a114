import type { ProjectFile } from "../project-files.ts";
import { faultAt, readYamlDocuments, type YamlText } from "../yaml-text.ts";
import { templateInstead } from "./foreign-files.ts";
import { objectDocuments } from "./object-documents.ts";

/** The documents of one file, as far as they can be read. */
export function readObjectFile(found: ProjectFile): readonly YamlText[] {
  if ("unread" in found) return [unreadDocument(found)];
  return objectDocuments(templateInstead(found, readYamlDocuments(found)));
}

function unreadDocument({ file, unread }: Extract<ProjectFile, { readonly unread: unknown }>): YamlText {
  const source = { file, text: "" };
  return { file, value: undefined, faults: [faultAt(source, 0, unread)], locate: (finding) => faultAt(source, 0, finding) };
}
