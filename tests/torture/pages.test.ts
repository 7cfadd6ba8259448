/** Writes both pages anew: `MATCHPOINT_WRITE=1 npx vitest run tests/torture/pages.test.ts` */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { FAULT_KINDS, TORTURE_FAULTS, type FaultRow } from "@matchpoint/testing";
import { expect, it } from "vitest";
import { command } from "../cli/support.ts";

const DOCS = resolve(import.meta.dirname, "../../docs");
const WRITES = process.env["MATCHPOINT_WRITE"] !== undefined;

/** Holds a page against what it should be, or writes it. */
function compare(path: string, made: (before: string) => string): void {
  const file = resolve(DOCS, path);
  const before = readFileSync(file, "utf8");
  const after = made(before);
  if (WRITES) writeFileSync(file, after);
  else expect(tight(before)).toBe(tight(after));
}

/** Prettier sets tables as wide as their widest cell. */
function tight(text: string): string {
  return text.replace(/ +\|/g, " |").replace(/-+/g, "-");
}

function between(text: string, mark: string, table: string): string {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const [head, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end))];
  return `${head}${begin}\n\n${table}\n\n${rest}`;
}

it("the page about faults lists those that there are", () => {
  const rows = FAULT_KINDS.map((kind) => {
    const { group, effect, rows: modes, rate, times, on }: FaultRow = TORTURE_FAULTS[kind];
    const often =
      group === "always"
        ? "as it comes"
        : times === true
          ? `${rate[0] === rate[1] ? rate[0] : `${rate[0]} to ${rate[1]}`} times`
          : `${percent(rate[0])} to ${percent(rate[1])} of occasions`;
    const share = group === "always" ? "all" : on === undefined ? "drawn" : percent(on);
    return `| \`${kind}\` | ${group} | ${effect} | ${modes.join(", ")} | ${share} | ${often} |`;
  });
  const head =
    "| fault | where | what happens | failure modes | runs that have it | how often there |\n| --- | --- | --- | --- | --- | --- |";
  compare("reference/torture.md", (page) => between(page, "faults", `${head}\n${rows.join("\n")}`));
});

it("the page about torture lists the options that there are", async () => {
  const { out } = await command(["torture", "--help"]);
  const rows = [...out.matchAll(/^ {2}(?:-h, )?(--[a-z-]+(?: <[^>]+>)?) +(.+(?:\n {20,}.+)*)/gm)]
    .filter(([, flag]) => flag !== "--help")
    .map(([, flag, text]) => `| \`${flag!}\` | ${text!.replace(/\s+/g, " ")} |`);
  expect(rows.length).toBeGreaterThan(8);
  const head = "| option | what it does |\n| --- | --- |";
  compare("how-to/torture-your-strategy.md", (page) =>
    between(page, "options", `${head}\n${rows.join("\n")}`),
  );
});

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(2))} %`;
}
