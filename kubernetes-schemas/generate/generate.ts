import { writeFile } from "node:fs/promises";
import type { KindData, SchemaData, TypeData } from "../schemas.ts";
import { enumerationsOf } from "./enumerations.ts";
import { kindsOf } from "./kinds.ts";
import { readOpenApi } from "./openapi.ts";
import { reachable, typeData, typeName } from "./type-text.ts";
import { minorOf, releases } from "./versions.ts";

/** Writes kubernetes.json: `npm run generate` in this folder. Needs Go. */
await generate();

async function generate(): Promise<void> {
  const minors = await Promise.all(releases.map(readMinor));
  const data: SchemaData = {
    minors: releases.map(minorOf),
    kinds: acrossMinors(minors.map(({ kinds }) => kinds)),
    types: acrossMinors(minors.map(({ types }) => types)),
  };
  await writeFile(new URL("../kubernetes.json", import.meta.url), textOf(data));
}

async function readMinor(
  release: string,
): Promise<{
  readonly kinds: ReadonlyMap<string, KindData>;
  readonly types: ReadonlyMap<string, TypeData>;
}> {
  const { source, ...openApi } = await readOpenApi(release);
  const kinds = kindsOf({ source, ...openApi });
  const definitions = { schemas: openApi.schemas, enumerations: enumerationsOf(source) };
  const used = reachable(
    kinds.map(({ definition }) => definition),
    definitions,
  );
  const types = new Map([...used].map((one) => [typeName(one), typeData(one, definitions)]));
  if (types.size !== used.size) throw new Error(`two definitions of ${release} have one name`);
  return { kinds: new Map(kinds.map(({ key, data }) => [key, data])), types };
}

/** What a name means from a minor on: only the minors that change it are named. */
function acrossMinors<T>(
  minors: readonly ReadonlyMap<string, T>[],
): Readonly<Record<string, Readonly<Record<string, T | null>>>> {
  const names = new Set(minors.flatMap((one) => [...one.keys()]));
  return Object.fromEntries(
    [...names].toSorted().map((name) => {
      const meanings = minors.map((one) => one.get(name) ?? null);
      const texts = ["null", ...meanings.map((meaning) => JSON.stringify(meaning))];
      const changes = meanings.flatMap((meaning, index) =>
        texts[index] === texts[index + 1] ? [] : [[minorOf(releases[index] ?? ""), meaning]],
      );
      return [name, Object.fromEntries(changes) as Readonly<Record<string, T | null>>];
    }),
  );
}

/** A line for each meaning, so that a change of one is a change of one line. */
function textOf({ minors, kinds, types }: SchemaData): string {
  return `{"minors":${JSON.stringify(minors)},\n"kinds":{\n${lines(kinds)}},\n"types":{\n${lines(types)}}}\n`;
}

function lines(named: SchemaData["kinds"] | SchemaData["types"]): string {
  const texts = Object.entries(named).map(([name, meanings]) => {
    const each = Object.entries(meanings).map(
      ([minor, meaning]) => `${JSON.stringify(minor)}:${JSON.stringify(meaning)}`,
    );
    return `${JSON.stringify(name)}:{${each.join(",\n")}}`;
  });
  return texts.join(",\n");
}
