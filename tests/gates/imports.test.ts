import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkImports } from "../../scripts/check-imports.ts";

const roots: string[] = [];

/** A small monorepo that keeps every rule, with the given files added. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "imports-"));
  roots.push(root);
  const manifest = (dependencies: Record<string, string>): string =>
    JSON.stringify({ exports: { ".": "./src/index.ts", "./node": "./src/node/index.ts" }, dependencies });
  const all: Record<string, string> = {
    "packages/sdk/package.json": manifest({ zod: "1" }),
    "packages/sdk/src/index.ts": 'export * from "./units/index.ts";',
    "packages/sdk/src/units/index.ts": 'export { price } from "./price.ts";',
    "packages/sdk/src/units/price.ts": 'import { Fault } from "../errors.ts"; export const price = Fault;',
    "packages/sdk/src/errors.ts": "export const Fault = 1;",
    "packages/sdk/src/node/index.ts": 'import "node:fs"; import "yaml"; import "../units/index.ts";',
    "packages/adapters-esports/package.json": manifest({ "@matchpoint/sdk": "1", ws: "1" }),
    "packages/adapters-esports/src/index.ts": 'import "node:fs"; import "ws"; import "@matchpoint/sdk/node";',
    "packages/adapters-polymarket/package.json": manifest({ "@matchpoint/sdk": "1" }),
    "packages/adapters-polymarket/src/index.ts": 'import { price } from "@matchpoint/sdk";',
    "packages/adapters-polymarket/test/a.test.ts": 'import "vitest"; import "../src/index.ts";',
    "packages/testing/package.json": manifest({ "@matchpoint/sdk": "1" }),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

describe("checkImports", () => {
  it("accepts a repository that keeps the rules", () => {
    expect(checkImports(repository({}))).toEqual([]);
  });

  const sdk = "packages/sdk/src";
  const canceller = "packages/adapters-polymarket/src/cancelAll";
  const judge = "packages/testing/src/torture/judge";
  // prettier-ignore
  const violations: [name: string, file: string, text: string, expected: RegExp][] = [
    ["an adapter that imports another adapter", "packages/adapters-esports/src/a.ts", 'import "@matchpoint/adapters-polymarket";', /may not import @matchpoint\/adapters-polymarket/],
    ["the core importing an adapter", `${sdk}/units/a.ts`, 'import "@matchpoint/adapters-esports";', /sdk may not import @matchpoint\/adapters-esports/],
    ["a type import of an adapter", `${sdk}/units/a.ts`, 'export type A = import("@matchpoint/adapters-esports").A;', /may not import/],
    ["a re-export of an adapter", `${sdk}/units/a.ts`, 'export * from "@matchpoint/adapters-esports";', /may not import/],
    ["a dynamic import of an adapter", `${sdk}/units/a.ts`, 'void import("@matchpoint/adapters-esports");', /may not import/],
    ["a computed import in the core", `${sdk}/units/a.ts`, "void import(globalThis.name);", /computed name/],
    ["a package importing itself by name", `${sdk}/units/a.ts`, 'import "@matchpoint/sdk";', /does not import itself/],
    ["a way around the exports", "packages/adapters-esports/src/a.ts", 'import "@matchpoint/sdk/src/units/price.ts";', /not among the exports/],
    ["a relative path into another package", "packages/adapters-esports/src/a.ts", 'import "../../sdk/src/index.ts";', /outside packages\/adapters-esports/],
    ["a relative path in a test into another package", "packages/adapters-esports/test/a.test.ts", 'import "../../sdk/src/index.ts";', /outside packages\/adapters-esports/],
    ["a forbidden package in a test", "packages/adapters-esports/test/a.test.ts", 'import "@matchpoint/testing";', /may not import @matchpoint\/testing/],
    ["a registry package that is not in the table", "packages/adapters-esports/src/a.ts", 'import "axios";', /may not import axios/],
    ["a test tool in the source", "packages/adapters-esports/src/a.ts", 'import "vitest";', /may not import vitest/],
    ["a dependency that is not in the table", "packages/sdk/package.json", '{"dependencies":{"ws":"1"}}', /may not depend on ws/],
    ["yaml outside node/", `${sdk}/units/a.ts`, 'import "yaml";', /yaml may be imported only under/],
    ["a Node module in the core", `${sdk}/units/a.ts`, 'import "node:fs";', /node:fs may be imported only under/],
    ["a type of a Node module in the core", `${sdk}/units/a.ts`, 'import type { Stats } from "node:fs";', /node:fs may be imported only under/],
    ["a Node module without its prefix", "packages/adapters-esports/src/a.ts", 'import "fs";', /write node:fs/],
    ["a higher floor", `${sdk}/units/a.ts`, 'import "../engine/index.ts";', /units \(floor 1\) may not import engine \(floor 6\)/],
    ["a neighbour on the same floor", `${sdk}/truth/index.ts`, 'import "../orders/index.ts";', /truth \(floor 4\) may not import orders \(floor 4\)/],
    ["values where an exception allows types", `${sdk}/strategy/index.ts`, 'import { gate } from "../risk/index.ts";', /only types from risk/],
    ["a room entered past its door", `${sdk}/engine/index.ts`, 'import "../units/price.ts";', /only through its index\.ts/],
    ["a room importing the package's door", `${sdk}/engine/index.ts`, 'import "../index.ts";', /no file imports the package's own door/],
    ["a room without a floor", `${sdk}/attic/index.ts`, "export {};", /attic: not in the floor plan/],
    ["the main entry importing node/", `${sdk}/index.ts`, 'export * from "./node/index.ts";', /main entry may not import node/],
    ["a value of the SDK in the canceller", `${canceller}/a.ts`, 'import { NANOS_PER_MS } from "@matchpoint/sdk";', /cancelAll\/ may import only types of @matchpoint\/sdk/],
    ["a neighbour's value in the canceller", `${canceller}/a.ts`, 'import { price } from "../index.ts";', /only types of \.\.\/index\.ts/],
    ["a value of the SDK in a judge", `${judge}/a.ts`, 'import { type Order, Ledger } from "@matchpoint/sdk";', /judge\/ may import only types of @matchpoint\/sdk/],
    ["a neighbour's value in a judge", `${judge}/a.ts`, 'export { runTorture } from "../run.ts";', /only types of \.\.\/run\.ts/],
    ["a registry package in a judge", `${judge}/a.ts`, 'void import("zod");', /only types of zod/],
    ["a computed import in a judge", `${judge}/a.ts`, "void import(globalThis.name);", /only types of a computed name/],
    ["a package without a row", "packages/new/package.json", "{}", /not in the package table/],
  ];

  it.each(violations)("catches %s", (_name, file, text, expected) => {
    const problems = checkImports(repository({ [file]: text }));
    expect(problems.join("\n")).toMatch(expected);
  });

  it("accepts types where an exception allows types", () => {
    const file = `${sdk}/strategy/index.ts`;
    expect(checkImports(repository({ [file]: 'import { type Gate } from "../risk/index.ts";' }))).toEqual([]);
  });

  it("lets the canceller and the judges know types, and run each other and Node's own", () => {
    const known =
      'import "node:fs"; import "./b.ts"; import type { price } from "@matchpoint/sdk"; import type { A } from "../a.ts";';
    const root = repository({
      [`${canceller}/a.ts`]: `${known} void import("ethers");`,
      [`${judge}/a.ts`]: known,
    });
    expect(checkImports(root)).toEqual([]);
  });

  it("shows how the main entry reaches a Node module", () => {
    const root = repository({
      [`${sdk}/index.ts`]: 'export * from "./clock/index.ts";',
      [`${sdk}/clock/index.ts`]: 'export * from "./system.ts";',
      [`${sdk}/clock/system.ts`]: 'import "node:perf_hooks";',
    });
    expect(checkImports(root)).toContain(
      `the main entry of packages/sdk reaches node:perf_hooks: ${sdk}/index.ts > ${sdk}/clock/index.ts > ${sdk}/clock/system.ts > node:perf_hooks`,
    );
  });
});
