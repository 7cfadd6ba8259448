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

const LINE = 120;

/** JSON with keys as identifiers where they can be, and on one line what fits there. */
function literal(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const list = Array.isArray(value);
  const parts = Object.entries(value).map(([name, part]) =>
    list ? literal(part, inner) : `${key(name)}: ${literal(part, inner)}`,
  );
  const [open, close] = list ? "[]" : "{}";
  const line = list ? `[${parts.join(", ")}]` : parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  const fits = inner.length + line.length < LINE && !line.includes("\n");
  return fits ? line : `${open}\n${filled(parts, inner)}\n${indent}${close}`;
}

function key(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name);
}

/** Parts on as few lines as hold them; a part of several lines has them to itself. */
function filled(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const short = part.length < 24 && !part.includes("\n");
    if (short && last !== undefined && last.length < LINE - 24 && !last.includes("\n")) {
      lines[lines.length - 1] = `${last} ${part},`;
    } else {
      lines.push(`${indent}${part},`);
    }
  }
  return lines.join("\n");
}
