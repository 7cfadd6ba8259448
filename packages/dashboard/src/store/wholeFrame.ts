import type { ServerFrame, TablesFrame } from "../frames.ts";

type Fields = Readonly<Record<string, unknown>>;

const LISTS: readonly (keyof TablesFrame)[] = [
  "feeds",
  "markets",
  "positions",
  "latency",
  "race",
  "whyNot",
  "stops",
];

/**
 * Whether a frame has the parts that the page takes for granted: the thread and the page come from one package, but what stops a run
 * must not hang on that. What is wrong deeper inside costs one panel.
 */
export function isWhole(frame: ServerFrame): boolean {
  const fields = frame as unknown as Fields;
  const lists = (...names: readonly string[]): boolean => names.every((name) => Array.isArray(fields[name]));
  const objects = (...names: readonly string[]): boolean =>
    names.every((name) => typeof fields[name] === "object" && fields[name] !== null);
  switch (frame.type) {
    case "hello":
      return lists("markets", "sources", "lacks", "strategies");
    case "tables":
      return lists(...LISTS) && objects("header", "attribution", "calibration");
    case "chart":
      return lists("marks", "spans") && objects("points") && columnsOf(fields["points"]);
    case "equity":
      return objects("points") && columnsOf(fields["points"]);
    case "ladder":
      return lists("bids", "asks", "own", "trades");
    case "log":
      return lists("lines");
    case "found":
      return lists("hits");
    case "done":
      return objects("answer") && Array.isArray((fields["answer"] as Fields)["orders"]);
    default:
      return true;
  }
}

function columnsOf(points: unknown): boolean {
  return Object.values(points as Fields).every(Array.isArray);
}
