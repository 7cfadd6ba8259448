import type { ChosenStrategy } from "../run.ts";
import { plain } from "./format.ts";

/** The strategies of a run, each with what differs from its defaults: `pair-arb, model-maker (reference=microprice)`. */
export function strategiesLine(strategies: readonly ChosenStrategy[]): string {
  return `Strategies: ${strategies.map(strategyText).join(", ")}`;
}

function strategyText({ use, name, params, markets }: ChosenStrategy): string {
  const parts = [
    ...(name === undefined || name === use.id ? [] : [`a ${use.id}`]),
    ...changed(use, params).map(([key, value]) => `${key}=${text(value)}`),
    ...Object.entries(markets ?? {}).map(([key, value]) => filterText(key, value)),
  ];
  return plain(`${name ?? use.id}${parts.length === 0 ? "" : ` (${parts.join("; ")})`}`);
}

/** Parameters that differ from the defaults; all that were given where there are no defaults for everything. */
function changed(use: ChosenStrategy["use"], params: unknown): readonly (readonly [string, unknown])[] {
  const given: readonly (readonly [string, unknown])[] = Object.entries(params ?? {});
  const parsed = use.params.safeParse({});
  if (!parsed.success) return given;
  const defaults = parsed.data as Readonly<Record<string, unknown>>;
  return given.filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key]));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A condition on markets: `games 1, 3, 5`. */
function filterText(key: string, value: unknown): string {
  const values = Array.isArray(value) ? value.map(text).join(", ") : text(value);
  if (key === "subjects") return `only ${values} markets`;
  return `${key.replaceAll("_", " ")} ${values}`;
}

/** What a person has to know of a run that ended before its input did. */
export function unfinishedLine(fraction: number, of: string): string {
  const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
  return `INTERRUPTED at ${percent} % of the ${of}: the P&L is of an unfinished ${of === "match" ? "match" : "run"}`;
}
