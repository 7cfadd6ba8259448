import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultConfig, VirtualClock } from "@matchpoint/sdk";
import { expect, test } from "vitest";
import { Bench, CHECKS, checksOf, runChecks, type Check, type Made } from "../../src/doctor/index.ts";
import { Environment, Secrets } from "../../src/secrets/index.ts";

const clock = new VirtualClock({ startsAt: 1_800_000_000_000 });

function bench(): Bench {
  const config = defaultConfig();
  const environment = new Environment({}, false);
  return new Bench({
    config,
    mode: "paper",
    secrets: new Secrets(config, { environment, folder: ".", io: { err: () => undefined } }),
    clock,
    signal: new AbortController().signal,
  });
}

function check(id: string, needs: readonly string[], run: Check["run"], more: Partial<Check> = {}): Check {
  return { id, title: id, looksAt: id, needs, modes: "any", run, ...more };
}

const well = (): { readonly status: "ok"; readonly found: string; readonly fix: string } => ({
  status: "ok",
  found: "well",
  fix: "",
});
const statuses = (made: readonly Made[]): readonly string[] =>
  made.map(({ id, status }) => `${id} ${status}`);

test("a check that hangs fails at its deadline, and what needs it is skipped with the reason", async () => {
  const table = [
    check("hangs", [], () => new Promise(() => undefined), { deadlineMs: 3_000 }),
    check("rests", ["hangs"], well),
    check("on", ["rests"], well),
    check("apart", [], well),
  ];
  const waited: string[][] = [];
  const running = runChecks(bench(), { table, onProgress: (_, __, waiting) => waited.push([...waiting]) });
  for (let i = 0; i < 20; i++) await Promise.resolve();
  clock.advance(3_000);
  const made = await running;
  expect(statuses(made)).toEqual(["hangs fail", "rests skip", "on skip", "apart ok"]);
  expect(made.map(({ found }) => found)).toEqual([
    "no answer within 3 s",
    "not looked at: hangs failed",
    "not looked at: rests was not either",
    "well",
  ]);
  expect(waited[0]).toEqual(["hangs", "rests", "on", "apart"]);
  expect(waited.at(-1)).toEqual([]);
});

test("what does not apply keeps nothing waiting", async () => {
  const table = [check("of-live", [], well, { modes: "live" }), check("rests", ["of-live"], well)];
  const made = await runChecks(bench(), { table });
  expect(statuses(made)).toEqual(["of-live skip", "rests ok"]);
  expect(made[0]!.idle).toBe(true);
});

test("a fault of the program is none of what is checked", async () => {
  const table = [
    check("broken", [], () => {
      throw new TypeError("undefined is not a function");
    }),
  ];
  await expect(runChecks(bench(), { table })).rejects.toThrow(TypeError);
});

test("each check of the table stands once, below all that it needs", () => {
  const above = new Set<string>();
  for (const { id, needs } of CHECKS) {
    expect(above.has(id), id).toBe(false);
    for (const need of needs) expect(above.has(need), `${id} needs ${need}`).toBe(true);
    above.add(id);
  }
});

test("some are chosen with what they need; an id that is none is refused", () => {
  expect(checksOf(["dotenv"]).map(({ id }) => id)).toEqual(["config", "private-key", "dotenv"]);
  expect(() => checksOf(["dotnev"])).toThrow(/there is no check dotnev[^]*Did you mean dotenv/);
});

test("the page lists the checks as the table has them", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/reference/doctor.md"), "utf8");
  const rows = page
    .slice(page.indexOf("## Checks"))
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const wanted = CHECKS.map(({ id, title, looksAt, needs, modes, local }) => [
    `\`${id}\``,
    title,
    looksAt,
    [...(modes === "live" ? ["live"] : []), ...(local === true ? ["machine"] : [])].join(", "),
    needs.map((need) => `\`${need}\``).join(", "),
  ]);
  expect(rows).toEqual(wanted);
});
