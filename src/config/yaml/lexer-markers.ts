/**
 * What the library's lexer puts between the slices of the text (yaml, parse/cst.ts). Behind
 * `contentFollows` comes a scalar.
 */
export const flowBroken = "\u0018";
export const contentFollows = "\u001F";
const documentBegins = "\u0002";

export const markers: readonly string[] = [documentBegins, flowBroken, contentFollows];
