const maxLength = 512;
/** Control characters, and what Windows reads as a separator or a drive. */
const forbidden = /[\p{Cc}\\:]/u;

export type ArchivePath = { readonly path: string } | { readonly fault: string };

/**
 * Where an entry of an archive would be unpacked, without `.` and empty segments. One that could
 * lead out of the folder that it is unpacked to is a fault, although nothing is ever unpacked here:
 * others who read the archive would.
 */
export function archivePath(name: string): ArchivePath {
  if (name.length > maxLength) return { fault: `has a path of more than ${maxLength} characters` };
  if (forbidden.test(name)) return { fault: "has a control character, \\ or : in its path" };
  if (name.startsWith("/")) return { fault: "is an absolute path" };
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.includes("..")
    ? { fault: "leads upwards with .." }
    : { path: segments.join("/") };
}
