import { faultPlaces } from "../fault-places.ts";
import type { ProjectFile } from "../project-files.ts";
import { readYamlDocuments, type YamlText } from "../yaml-text.ts";
import { reportTemplate } from "./foreign-files.ts";
import { objectDocuments } from "./object-documents.ts";

/** The documents of one file, as far as they can be read. */
export function readObjectFile(found: ProjectFile): readonly YamlText[] {
  if ("unread" in found) return [unreadDocument(found)];
  return objectDocuments(reportTemplate(found, readYamlDocuments(found)));
}

function unreadDocument({
  file,
  unread,
}: Extract<ProjectFile, { readonly unread: unknown }>): YamlText {
  const place = faultPlaces({ file, text: "" });
  return {
    file,
    value: undefined,
    faults: [place(0, unread)],
    locate: (finding) => place(0, finding),
  };
}
