import type { FittedFile } from "./titles.ts";

/** The text of a TypeScript file that holds what a fit found. Not formatted: the repository's formatter does that. */
export function fittedFile(
  { constant, type, from }: FittedFile,
  about: string,
  value: unknown,
  wrapped: boolean,
): string {
  const holder = wrapped ? `FittedModel<${type}>` : type;
  const imports = [
    ...(wrapped ? [`import type { FittedModel } from "../model.ts";`] : []),
    `import type { ${type} } from "${from}";`,
  ];
  return [
    ...imports,
    "",
    `/** ${about} */`,
    `export const ${constant}: ${holder} = ${literal(value)};`,
    "",
  ].join("\n");
}

/** JSON with keys as identifiers where they can be, and lists of numbers on one line. */
function literal(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(/\[[-\d.,\s]*\]/g, (numbers) =>
      numbers.replaceAll(/\s+/g, " ").replaceAll(/\[ | \]/g, trimmed),
    )
    .replaceAll(/^(\s*)"([a-z_$][\w$]*)":/gim, "$1$2:");
}

function trimmed(bracket: string): string {
  return bracket.trim();
}
