import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configurationJsonSchema } from "../src/config/json-schema.ts";
import { configurationReference } from "../src/config/reference.ts";

const root = join(import.meta.dirname, "..");
const reference =
  /(?<=<!-- reference: written by `npm run schema` -->\n\n)[^]*(?=\n\n<!-- end of the reference -->)/;

/**
 * Writes what derives from the configuration's schema: promoter.schema.json for editors, the
 * reference for people.
 */
await writeFile(
  join(root, "promoter.schema.json"),
  `${JSON.stringify(configurationJsonSchema(), undefined, 2)}\n`,
);
const page = join(root, "docs/configuration.md");
await writeFile(
  page,
  (await readFile(page, "utf8")).replace(reference, () => configurationReference()),
);
