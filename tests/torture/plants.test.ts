import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { planted, PLANTS, type Plant } from "./plants/index.ts";
import { PLANT_HOOK } from "./plants/hook.ts";
import { INVARIANTS } from "@matchpoint/testing";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, "utf8");

describe("planted mistakes", () => {
  it("are many, each with a name, a budget and what it breaks", () => {
    expect(PLANTS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(PLANTS.map(({ id }) => id)).size).toBe(PLANTS.length);
    for (const { id, what, invariants, seeds, find, replace } of PLANTS) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(what).toMatch(/^[A-Z].{20,}\.$/);
      expect(find, id).not.toBe(replace);
      expect(seeds).toBeGreaterThan(0);
      expect(invariants.length, id).toBeGreaterThan(0);
      for (const invariant of invariants) expect(invariant).toMatch(/^I([1-9]|1\d|2[0-5])$/);
    }
  });

  it.each(PLANTS.map((plant) => [plant.id, plant] as const))("%s is in the source once", (_id, plant) => {
    expect(plant.file).toMatch(/^packages\/(sdk|adapters-polymarket|paper-broker)\/src\//);
    const source = planted(plant, read(plant.file));
    expect(() => stripTypeScriptTypes(source)).not.toThrow();
  });

  it("is refused when its text has moved on, or stands twice", () => {
    const plant: Plant = { ...PLANTS[0]!, find: "a", replace: "b" };
    expect(() => planted(plant, "xyz")).toThrow(/stands 0 times/);
    expect(() => planted(plant, "a a")).toThrow(/stands 2 times/);
    expect(planted(plant, "x a $& y")).toBe("x b $& y");
  });

  it("mean to break every invariant that is judged, and no other", () => {
    const broken = new Set(PLANTS.flatMap(({ invariants }) => invariants));
    const judged = INVARIANTS.filter(({ checker, when }) => checker !== undefined || when !== undefined);
    expect(judged.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
    expect([...broken].filter((id) => !judged.some((each) => each.id === id))).toEqual([]);
  });

  it("leaves no trace in what is published", () => {
    const packages = readdirSync(`${ROOT}packages`);
    for (const name of packages) {
      const files = readdirSync(`${ROOT}packages/${name}/src`, { recursive: true, encoding: "utf8" });
      for (const file of files) {
        if (!file.endsWith(".ts")) continue;
        expect(read(`packages/${name}/src/${file}`)).not.toMatch(/MATCHPOINT_PLANT|torture\/plants/);
      }
    }
  });
});

/** What is left of 100 dollars after 10 shares were bought for 4 dollars with a fee of 10 cents. */
const PROGRAM = `
  import { Ledger } from "../packages/sdk/src/portfolio/index.ts";
  const ledger = new Ledger();
  ledger.deposit(100_000_000, 0);
  const report = { tradeId: "t", orderId: "o", marketId: "m", outcome: 0, side: "buy", price: 4_000, size: 10_000_000,
    cost: 4_000_000, fee: 100_000, liquidity: "taker", status: "MATCHED" };
  ledger.trade({ report, kind: "matched", from: undefined, to: "MATCHED" }, 1);
  console.log(ledger.cash);
`;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(plant: string | undefined, program: string): Promise<Ended> {
  const args = ["--conditions=@matchpoint/source", "--no-warnings", "--import", PLANT_HOOK];
  const env = { ...process.env, MATCHPOINT_PLANT: plant };
  return new Promise((resolve) => {
    const file = [...args, "--input-type=module", "-e", program];
    execFile(process.execPath, file, { env, cwd: `${ROOT}tests` }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err });
    });
  });
}

describe("the hook", () => {
  it.concurrent("changes the program that it is loaded into, and no other", async () => {
    const [sound, ill] = await Promise.all([run(undefined, PROGRAM), run("fee-forgotten", PROGRAM)]);
    expect(sound).toMatchObject({ code: 0, out: "95900000" });
    expect(ill).toMatchObject({ code: 0, out: "96000000" });
  });

  it.concurrent("knows its plants, and tells when a program never came by one", async () => {
    const [unknown, missed] = await Promise.all([run("no-such-plant", "1"), run("fee-forgotten", "1")]);
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no plant no-such-plant"),
    });
    expect(missed).toMatchObject({ code: 70, err: expect.stringContaining("fold.ts was never loaded") });
  });
});

/** Runs the simulator on a few seeds, as `npm run plants` does inside. */
async function searched(plant: string | undefined, name: string): Promise<Record<string, unknown>> {
  const args = [
    "--conditions=@matchpoint/source",
    "--no-warnings",
    "--import",
    PLANT_HOOK,
    "scripts/plants.ts",
  ];
  const asked = ["--inside", "--plant", name, "--seeds", "3", "--start", "1"];
  const env = { ...process.env, MATCHPOINT_PLANT: plant };
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, ...asked], { env, cwd: ROOT }, (_error, out) => {
      resolve(JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>);
    });
  });
}

/** What the search says to a command line, and ends with. */
function asked(...args: readonly string[]): Promise<Ended> {
  const file = ["--conditions=@matchpoint/source", "--no-warnings", "scripts/plants.ts", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, file, { cwd: ROOT }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err });
    });
  });
}

describe("the search", () => {
  it("has a help, and says what is wrong with a command line", async () => {
    const [help, unknown] = await Promise.all([asked("--help"), asked("--plant", "no-such-plant")]);
    expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/^npm run plants -- \[options\]/) });
    expect(unknown).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^there is no plant no-such-plant\n/),
    });
  });
});

describe("the judges", () => {
  it("find a bot that forgets its fees, and nothing wrong with one that does not", async () => {
    const [sound, ill] = await Promise.all([
      searched(undefined, "fee-forgotten"),
      searched("fee-forgotten", "fee-forgotten"),
    ]);
    expect(sound).toMatchObject({ id: "fee-forgotten", seeds: 3 });
    expect(sound["found"]).toBeUndefined();
    expect(ill["found"]).toMatchObject({
      invariant: "I7",
      message: expect.stringContaining("micro-dollars"),
    });
  });
});
