import { MatchpointError } from "@matchpoint/sdk";
import { isJson, type Json } from "./signedDelta.ts";

/** A selected field with what is selected below it. */
interface Field {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
}

/** What a query selects, or why it cannot be read. */
export type Selection = { readonly fields: readonly Field[] } | { readonly problem: string };

const TOKEN = /\.\.\.|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|\$[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:!=,]/g;

/** Reads the selection of a query; as much of GraphQL as clients of GRID use. */
export function readSelection(query: string): Selection {
  const tokens = query.replace(/#[^\n]*/g, "").match(TOKEN) ?? [];
  let at = 0;
  const skip = (open: string, close: string): string[] => {
    const inside: string[] = [];
    let depth = 0;
    do {
      const token = tokens[at++];
      if (token === undefined) break;
      if (token === open) depth += 1;
      if (token === close) depth -= 1;
      inside.push(token);
    } while (depth > 0);
    return inside.slice(1, -1);
  };
  const selection = (): Field[] => {
    const fields: Field[] = [];
    at += 1; // {
    while (at < tokens.length && tokens[at] !== "}") {
      const token = tokens[at++]!;
      if (token === ",") continue;
      if (token === "...") {
        at += 2; // on Type
        fields.push(...selection());
        continue;
      }
      let name = token;
      if (tokens[at] === ":") {
        name = tokens[at + 1] ?? "";
        at += 2; // an alias: the answer is under the field's own name here
      }
      const inside = tokens[at] === "(" ? skip("(", ")") : [];
      const args: Record<string, string> = {};
      for (let i = 0; i + 2 < inside.length + 1; i++) {
        if (inside[i + 1] === ":") args[inside[i]!] = (inside[i + 2] ?? "").replace(/^"|"$/g, "");
      }
      fields.push({ name, args, fields: tokens[at] === "{" ? selection() : [] });
    }
    at += 1; // }
    return fields;
  };
  if (tokens[at] === "query") {
    while (at < tokens.length && tokens[at] !== "{") {
      if (tokens[at] === "(") skip("(", ")");
      else at += 1;
    }
  }
  if (tokens[at] !== "{") return { problem: "Syntax Error: Expected {" };
  const fields = selection();
  return at > tokens.length ? { problem: "Syntax Error: Expected }, found <EOF>" } : { fields };
}

/** What a selection takes of a value. A field that the value does not have is null; one that nothing has is a problem. */
export function select(value: unknown, fields: readonly Field[], known: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => select(item, fields, known));
  if (!isJson(value) || fields.length === 0) return value ?? null;
  const taken: Json = {};
  for (const field of fields) {
    if (!known.has(field.name) && !(field.name in value)) {
      throw new MatchpointError("EVENT_INVALID", `Validation error: field '${field.name}' is undefined`);
    }
    taken[field.name] = select(value[field.name], field.fields, known);
  }
  return taken;
}
