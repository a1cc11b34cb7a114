import { isObject, listAt, type JsonObject, type Json, textAt } from "../json-value.ts";
import { unsupported } from "../unsupported.ts";

/**
 * A limit that is broken, and where: `must be less than 3001 characters
 * [json-pointer:/blocks/0/text/text]`.
 */
export type BlockFault = string;

/** Limits: https://docs.slack.dev/reference/block-kit/blocks and the types of @slack/types 3.2.0. */
const limits = {
  blocks: 50,
  section: 3000,
  header: 150,
  field: 2000,
  fields: 10,
  actions: 25,
  context: 10,
  id: 255,
  button: 75,
  value: 2000,
  url: 3000,
};

export function blockFaults(blocks: readonly Json[]): readonly BlockFault[] {
  const tooMany =
    blocks.length > limits.blocks
      ? [at("/blocks", `no more than ${limits.blocks} items allowed`)]
      : [];
  return [
    ...tooMany,
    ...duplicateIds(blocks),
    ...blocks.flatMap((block, index) => faultsOf(block, `/blocks/${index}`)),
  ];
}

function at(pointer: string, what: string): BlockFault {
  return `${what} [json-pointer:${pointer}]`;
}

function duplicateIds(blocks: readonly Json[]): readonly BlockFault[] {
  const ids = blocks.map((block) => textAt(block, "block_id"));
  return ids.flatMap((id, index) =>
    id !== "" && ids.indexOf(id) < index
      ? [at(`/blocks/${index}/block_id`, "`block_id` already exists")]
      : [],
  );
}

type Check = (block: JsonObject, pointer: string) => readonly BlockFault[];

const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries<Check>({
    rich_text: richTextFaults,
    header: (block, pointer) =>
      textFaults(block["text"], `${pointer}/text`, {
        longest: limits.header,
        types: ["plain_text"],
      }),
    section: sectionFaults,
    context: (block, pointer) => elementFaults(block, pointer, limits.context),
    actions: (block, pointer) => [
      ...elementFaults(block, pointer, limits.actions),
      ...duplicateActions(block, pointer),
    ],
  }),
);

function faultsOf(block: Json, pointer: string): readonly BlockFault[] {
  if (!isObject(block)) return [at(pointer, "must provide an object")];
  const type = textAt(block, "type");
  const check = checks.get(type);
  if (!check) {
    const what = unsupportedBlocks.has(type)
      ? unsupported(`${type} blocks`)
      : `unsupported type: ${type}`;
    return [at(`${pointer}/type`, what)];
  }
  return [
    ...lengthFaults(block, "block_id", { pointer, longest: limits.id }),
    ...check(block, pointer),
  ];
}

/** Of Block Kit, in no message of the promoter. */
const unsupportedBlocks: ReadonlySet<string> = new Set([
  "divider",
  "image",
  "input",
  "file",
  "video",
]);
const richTexts: ReadonlySet<string> = new Set(["rich_text_section", "rich_text_preformatted"]);
const leaves: ReadonlySet<string> = new Set(["text", "user", "date"]);

function richTextFaults(block: JsonObject, pointer: string): readonly BlockFault[] {
  if (!Array.isArray(block["elements"])) return [at(pointer, "missing required field: elements")];
  return listAt(block, "elements").flatMap((element, index) => {
    const place = `${pointer}/elements/${index}`;
    return richTexts.has(textAt(element, "type"))
      ? listAt(isObject(element) ? element : {}, "elements").flatMap((leaf, order) =>
          typeFaults(leaf, `${place}/elements/${order}`, leaves),
        )
      : typeFaults(element, place, richTexts);
  });
}

function typeFaults(
  element: Json,
  pointer: string,
  supported: ReadonlySet<string>,
): readonly BlockFault[] {
  const type = textAt(element, "type");
  return supported.has(type)
    ? []
    : [at(`${pointer}/type`, unsupported(`${type || "nameless"} elements of rich text`))];
}

function sectionFaults(block: JsonObject, pointer: string): readonly BlockFault[] {
  const fields = listAt(block, "fields");
  if (block["text"] === undefined && fields.length === 0) {
    return [at(pointer, "missing required field: text or fields")];
  }
  const types = ["mrkdwn", "plain_text"];
  return [
    ...(block["text"] === undefined
      ? []
      : textFaults(block["text"], `${pointer}/text`, { longest: limits.section, types })),
    ...(fields.length > limits.fields
      ? [at(`${pointer}/fields`, `no more than ${limits.fields} items allowed`)]
      : []),
    ...fields.flatMap((field, index) =>
      textFaults(field, `${pointer}/fields/${index}`, { longest: limits.field, types }),
    ),
    ...(isObject(block["accessory"])
      ? buttonFaults(block["accessory"], `${pointer}/accessory`)
      : []),
  ];
}

function elementFaults(block: JsonObject, pointer: string, most: number): readonly BlockFault[] {
  const elements = listAt(block, "elements");
  if (elements.length === 0) return [at(pointer, "missing required field: elements")];
  const tooMany =
    elements.length > most ? [at(`${pointer}/elements`, `no more than ${most} items allowed`)] : [];
  return [
    ...tooMany,
    ...elements.flatMap((element, index) =>
      textAt(element, "type") === "button"
        ? buttonFaults(element, `${pointer}/elements/${index}`)
        : [],
    ),
  ];
}

function duplicateActions(block: JsonObject, pointer: string): readonly BlockFault[] {
  const ids = listAt(block, "elements").map((element) => textAt(element, "action_id"));
  return ids.flatMap((id, index) =>
    id !== "" && ids.indexOf(id) < index
      ? [at(`${pointer}/elements/${index}/action_id`, "`action_id` already exists")]
      : [],
  );
}

function buttonFaults(button: Json, pointer: string): readonly BlockFault[] {
  if (!isObject(button)) return [at(pointer, "must provide an object")];
  return [
    ...textFaults(button["text"], `${pointer}/text`, {
      longest: limits.button,
      types: ["plain_text"],
    }),
    ...lengthFaults(button, "action_id", { pointer, longest: limits.id }),
    ...lengthFaults(button, "value", { pointer, longest: limits.value }),
    ...lengthFaults(button, "url", { pointer, longest: limits.url }),
  ];
}

function textFaults(
  text: Json | undefined,
  pointer: string,
  { longest, types }: { longest: number; types: readonly string[] },
): readonly BlockFault[] {
  if (!isObject(text)) return [at(pointer, "must provide an object")];
  const type = textAt(text, "type");
  if (!types.includes(type)) return [at(`${pointer}/type`, `unsupported type: ${type}`)];
  if (textAt(text, "text") === "") return [at(`${pointer}/text`, "must be more than 0 characters")];
  return lengthFaults(text, "text", { pointer, longest });
}

function lengthFaults(
  object: JsonObject,
  key: string,
  { pointer, longest }: { pointer: string; longest: number },
): readonly BlockFault[] {
  return textAt(object, key).length > longest
    ? [at(`${pointer}/${key}`, `must be less than ${longest + 1} characters`)]
    : [];
}
