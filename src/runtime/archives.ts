import { readObjectArchive } from "../config/objects/read-archive.ts";
import type { ObjectArchives } from "../ports/object-archives.ts";

/** Reading needs no service; a port all the same, so that only one bundle carries it. */
export const archivesOf = (): ObjectArchives => ({ read: readObjectArchive });
