import { MatchpointError } from "@matchpoint/sdk";

/** A parameter with the values that are tried. */
export interface Axis {
  /** As on the command line: `KEY` or `STRATEGY.KEY`. */
  readonly key: string;
  readonly values: readonly string[];
}

/** One combination. */
export interface Point {
  readonly params: Readonly<Record<string, string>>;
  /** The same as values of `--set`. */
  readonly set: readonly string[];
}

/**
 * Reads `KEY=1,2,3`. A comma in quotes, brackets or braces parts no values.
 * @throws MatchpointError `USAGE` for no such thing, or a value that is there twice
 */
export function axisOf(setting: string): Axis {
  const at = setting.indexOf("=");
  const key = setting.slice(0, Math.max(0, at)).trim();
  const values = at === -1 ? [] : parted(setting.slice(at + 1));
  if (key === "" || values.some((value) => value === "")) {
    throw new MatchpointError("USAGE", `--set ${setting}`, {
      hint: "Write --set KEY=VALUE,VALUE,..., or --set STRATEGY.KEY=VALUE,VALUE,...",
    });
  }
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined)
    throw new MatchpointError("USAGE", `--set ${setting}: ${twice} is there twice`, {
      hint: "Leave one out.",
    });
  return { key, values };
}

/** Every combination, the last parameter changing fastest. @throws MatchpointError `USAGE` when a parameter is there twice */
export function gridOf(axes: readonly Axis[]): readonly Point[] {
  const twice = axes.find(({ key }, i) => axes.findIndex((axis) => axis.key === key) !== i);
  if (twice !== undefined)
    throw new MatchpointError("USAGE", `--set ${twice.key} is there twice`, {
      hint: "Give all its values at once, with commas between them.",
    });
  let points: readonly Point[] = [{ params: {}, set: [] }];
  for (const { key, values } of axes) {
    points = points.flatMap(({ params, set }) =>
      values.map((value) => ({ params: { ...params, [key]: value }, set: [...set, `${key}=${value}`] })),
    );
  }
  return points;
}

function parted(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted) {
      if (character === "\\") i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if ("[{".includes(character)) depth += 1;
    else if ("]}".includes(character)) depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
