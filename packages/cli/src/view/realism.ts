import type { HelloFrame } from "@matchpoint/dashboard";
import { parseConfig, type BotConfigInput, type RunStarted } from "@matchpoint/sdk";
import { realismOfRun } from "../paper.ts";
import { weakenedText } from "../report/realism.ts";

/** How real the venue of a run is, for the first frame. */
export function realismOfStart({ config, mode }: RunStarted): Pick<HelloFrame, "realism"> {
  const parts = realismOfRun(parseConfig(config as BotConfigInput), mode);
  if (parts === undefined) return {};
  const off = parts.filter(({ state }) => state === "off").map(({ part }) => part);
  const weakened = parts.filter(({ state }) => state === "weakened").map(weakenedText);
  return { realism: { parts: parts.length, off, weakened } };
}
