import type { Command, Option } from "commander";

/** The source of words that are not on the command line: `promoter.yml` and the promoter itself. */
export interface WordSources {
  applications(): Promise<readonly string[]>;
  environments(application: string): Promise<readonly string[]>;
  promotions(): Promise<readonly string[]>;
}

/** The candidates for the last one of `words`, which is being typed. */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: WordSources,
): Promise<readonly string[]> {
  const whole = joinWords(words);
  const current = whole.at(-1) ?? "";
  const candidates = await wordsAt(program, { before: whole.slice(0, -1), current }, sources);
  const replaced = current === words.at(-1) ? 0 : current.indexOf("=") + 1;
  return candidates.filter((word) => word.startsWith(current)).map((word) => word.slice(replaced));
}

/** bash breaks words at "=" (COMP_WORDBREAKS), and replaces only what follows it. */
function joinWords(words: readonly string[]): readonly string[] {
  return words.reduce<readonly string[]>((whole, word, index) => {
    const last = whole.at(-1);
    const isBroken = last?.startsWith("--") && (word === "=" || words[index - 1] === "=");
    return isBroken ? [...whole.slice(0, -1), `${last}${word}`] : [...whole, word];
  }, []);
}

async function wordsAt(
  program: Command,
  { before, current }: { readonly before: readonly string[]; readonly current: string },
  sources: WordSources,
): Promise<readonly string[]> {
  const { verb, given } = placeIn(program, before);
  const options = [...new Set([...verb.options, ...program.options])];
  const opened = options.find((option) => takesValue(option) && isNamed(option, before.at(-1)));
  if (opened) return opened.argChoices ?? [];
  // Wherever they stand, they decide whose names are offered.
  program.parseOptions([...before]);
  const [option = "", value] = current.split("=", 2);
  if (value !== undefined) return valuesOf(options, option);
  if (current.startsWith("-")) return options.flatMap(({ long }) => long ?? []);
  if (verb === program) {
    return program.commands.map((command) => command.name()).filter((name) => name !== "complete");
  }
  const argument = verb.registeredArguments[given.length];
  return argument?.argChoices ?? wordsFor(argument?.name() ?? "", given, sources);
}

/** Written after the name, as in `--ending=Refused`. */
function valuesOf(options: readonly Option[], name: string): readonly string[] {
  const choices = options.find((option) => isNamed(option, name))?.argChoices ?? [];
  return choices.map((choice) => `${name}=${choice}`);
}

/** The verb, and what was given to it so far, without options. */
function placeIn(
  program: Command,
  before: readonly string[],
): { readonly verb: Command; readonly given: readonly string[] } {
  const free = before.filter(
    (word, index) => !word.startsWith("-") && !isValue(program, before[index - 1]),
  );
  const verb = program.commands.find((command) => command.name() === free[0]);
  return verb ? { verb, given: free.slice(1) } : { verb: program, given: [] };
}

function isValue(program: Command, previous: string | undefined): boolean {
  return [program, ...program.commands].some(({ options }) =>
    options.some((option) => takesValue(option) && isNamed(option, previous)),
  );
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function isNamed({ long, short }: Option, word: string | undefined): boolean {
  return word !== undefined && (word === long || word === short);
}

async function wordsFor(
  argument: string,
  [application = ""]: readonly string[],
  sources: WordSources,
): Promise<readonly string[]> {
  switch (argument) {
    case "application":
      return sources.applications();
    case "environment":
      return sources.environments(application);
    case "promotion":
      return ["last", ...(await sources.promotions())];
    default:
      return [];
  }
}
