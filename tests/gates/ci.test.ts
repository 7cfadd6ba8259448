import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

it("the page about testing has the gates of .ci/run, in its order", () => {
  const script = read(".ci/run");
  const lanes = new Map(
    [...script.matchAll(/^(\w+)\(\) \{\n(.*?)^\}/gms)].map(([, name, body]) => [name!, body!]),
  );
  const called = script
    .slice(script.lastIndexOf("\n}\n"))
    .replaceAll(/\bbeside (\w+) (\w+)/g, (_all, ...two) =>
      two
        .slice(0, 2)
        .map((name: string) => lanes.get(name))
        .join("\n"),
    );
  const steps = [...called.matchAll(/\bstep "([^"]+)" (?:npm (?:run --silent )?(\S+))?/g)];
  const gates = read("docs/contributing/testing.md").split("## Gates")[1]?.split("\n\n")[2] ?? "";
  const rows = [...gates.matchAll(/^\| ([A-Za-z ]+?) +\| `([^`]+)`/gm)];
  expect(steps.length).toBeGreaterThan(10);
  expect(rows.map(([, name]) => name?.toLowerCase())).toEqual(steps.map(([, name]) => name?.toLowerCase()));
  for (const [i, [, , npm]] of steps.entries())
    if (npm !== undefined) expect(rows[i]?.[2]).toMatch(new RegExp(` ${npm}$`));
});
