import { expect, it } from "vitest";
import { runCli } from "../../src/index.ts";

async function told(args: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  const err: string[] = [];
  const io = {
    out: () => undefined,
    err: (line: string) => void err.push(line),
    redraw: () => undefined,
    interactive: false,
    columns: 120,
    closed: new AbortController().signal,
  };
  return { code: await runCli(args, { io }), err: err.join("\n") };
}

it.each([
  ["merge", "--amount", "5", /wallet merge takes no --amount/],
  ["approve", "--usd", "5", /wallet approve takes no --usd/],
  ["redeem", "--yes", undefined, /wallet redeem takes no --yes/],
  ["smoke", "--amount", "5", /wallet smoke takes no --amount/],
])("refuses an option that wallet %s would pass over in silence: %s", async (action, option, value, says) => {
  const { code, err } = await told(["wallet", action, option, ...(value === undefined ? [] : [value])]);
  expect(err).toMatch(says);
  expect(code).toBe(2);
});
