import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolymarketGateway } from "@matchpoint/adapters-polymarket";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  checkEvent,
  createRuntime,
  defaultConfig,
  type CoreEvent,
  type RebuiltAccount,
} from "@matchpoint/sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import { buildOfCode, hashOfCode, otherBuild } from "../../src/build.ts";
import { goesOn } from "../../src/live/beginning.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-build-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

it("names the version and the code of this process, the same each time", () => {
  expect(buildOfCode()).toMatch(/^\d+\.\d+\.\d+[^+]*\+[0-9a-f]{12}$/);
  expect(buildOfCode()).toBe(buildOfCode());
});

it("changes with any file of the code, its name or its content, and with nothing else", () => {
  const hash = (): string => hashOfCode([dir]);
  mkdirSync(join(dir, "a"));
  writeFileSync(join(dir, "a", "x.js"), "1");
  writeFileSync(join(dir, "y.js"), "2");
  const first = hash();
  for (const name of ["x.d.ts", "x.js.map", "notes.md", "data.json"]) writeFileSync(join(dir, name), "3");
  expect(hash()).toBe(first);
  writeFileSync(join(dir, "y.js"), "3");
  const second = hash();
  expect(second).not.toBe(first);
  writeFileSync(join(dir, "z.ts"), "");
  expect(hash()).not.toBe(second);
  rmSync(join(dir, "z.ts"));
  expect(hash()).toBe(second);
});

it("tells of two builds only when both are known and differ", () => {
  expect(otherBuild("1+a", "1+b")).toBe("1+a; this is 1+b");
  for (const [theirs, ours] of [
    ["1+a", "1+a"],
    [undefined, "1+a"],
    ["1+a", undefined],
  ] as const)
    expect(otherBuild(theirs, ours)).toBeUndefined();
});

/** The account that a live run of a build left, by its journal. */
function left(build: string | undefined): RebuiltAccount {
  const log: CoreEvent[] = [];
  createRuntime({
    config: defaultConfig(),
    strategies: [],
    execution: createPaperBroker({ runId: "before", seed: 1 }),
    runId: "before",
    mode: "live",
    startsAt: 1_780_000_000_000,
    ...(build === undefined ? {} : { build }),
    journal: { append: (event) => log.push(event) },
  });
  const rebuilder = new AccountRebuilder();
  for (const event of log) rebuilder.take(checkEvent(JSON.parse(JSON.stringify(event))));
  return rebuilder.account(1_780_000_001_000);
}

it("notes at the start that the last journal was written by another build", async () => {
  const gateway = { warm: () => Promise.resolve() } as unknown as PolymarketGateway;
  const { signal } = new AbortController();
  const lines = async (theirs: string | undefined, ours: string) =>
    (await goesOn(gateway, left(theirs), [], signal, ours)).filter(({ id }) => id === "build");
  expect(await lines("1.0.0+a", "1.0.0+a")).toEqual([]);
  expect(await lines(undefined, "1.0.0+a")).toEqual([]);
  expect(await lines("1.0.0+a", "1.0.1+b")).toEqual([
    expect.objectContaining({
      status: "warn",
      found: "the last run was one of another build of Matchpoint: 1.0.0+a; this is 1.0.1+b",
    }),
  ]);
});
