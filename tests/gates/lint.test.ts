import { resolve } from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

const eslint = new ESLint({
  cwd: resolve(import.meta.dirname, "../.."),
  // The rules under test need no types; without them a file need not exist.
  overrideConfig: [tseslint.configs.disableTypeChecked],
});

async function restrictions(filePath: string, code: string): Promise<number> {
  const [result] = await eslint.lintText(code, { filePath });
  const restricted = ["no-restricted-syntax", "no-restricted-globals", "no-console"];
  return (result?.messages ?? []).filter(({ ruleId }) => restricted.includes(ruleId ?? "")).length;
}

const core = [
  "packages/sdk/src/truth/x.ts",
  "packages/sdk/src/errors.ts",
  "packages/paper-broker/src/matching/x.ts",
];
const shell = "packages/adapters-esports/src/x.ts";

describe("the lint rules of the core", { timeout: 30_000 }, () => {
  it.each([
    "new Date(0);",
    "Date.now();",
    "Math.random();",
    "Math.exp(1);",
    "Math.pow(2, 3);",
    'Math["exp"](1);',
    "const { exp } = Math;",
    "const m = Math;",
    "2 ** 0.5;",
    "x **= 2;",
    "performance.now();",
    "process.exit();",
    "setTimeout(f, 1);",
    "queueMicrotask(f);",
    'fetch("x");',
    "crypto.randomUUID();",
    "globalThis.x;",
    "Promise.resolve();",
    "let x: Promise<void>;",
    "async function f() {}",
    "const f = async () => {};",
    "await f();",
    "for await (const x of y) {}",
    'import("x");',
    'a.localeCompare("b");',
    "x.toLocaleString();",
    'throw new Error("x");',
    'throw TypeError("x");',
    "console.log(1);",
  ])("refuse %s", async (code) => {
    for (const file of core) expect(await restrictions(file, code), file).toBeGreaterThan(0);
  });

  it.each([
    "Math.floor(1.5) + Math.abs(-1);",
    "10n ** 6n;",
    "throw new CodedError();",
    "let x: number = 1 / 3;",
  ])("accept %s", async (code) => {
    for (const file of core) expect(await restrictions(file, code), file).toBe(0);
  });
});

describe("the lint rules of published packages", { timeout: 30_000 }, () => {
  const time = ["Date.now();", "new Date();", "setTimeout(f, 1);", "performance.now();"];

  it.each([...time, 'throw new Error("x");', "console.log(1);"])("refuse %s", async (code) => {
    expect(await restrictions(shell, code)).toBe(1);
  });

  it.each(["new Date(0);", "await f();", "Math.random();"])("accept %s in the shell", async (code) => {
    expect(await restrictions(shell, code)).toBe(0);
  });

  it.each([
    "packages/sdk/src/clock/system.ts",
    "packages/cli/src/x.ts",
    "packages/testing/src/venue/server.ts",
  ])("let %s read the time", async (file) => {
    for (const code of time) expect(await restrictions(file, code), code).toBe(0);
    expect(await restrictions(file, 'throw new Error("x");')).toBe(1);
  });

  it("let only the command write to the console", async () => {
    expect(await restrictions("packages/cli/src/x.ts", "console.log(1);")).toBe(0);
    expect(await restrictions("packages/testing/src/venue/server.ts", "console.log(1);")).toBe(1);
  });
});
