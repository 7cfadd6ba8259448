import { join } from "node:path";
import { ModelMaker, PairArb, Strategy } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { z } from "zod";
import { importsOf } from "../../src/torture/imports.ts";

class Mine extends Strategy<typeof Mine.params> {
  static readonly id = "mine";
  static readonly posture = "directional";
  static readonly params = z.object({ edge: z.number().optional() });
}

/** Modules that nobody has written to a disk. */
const modules =
  (exports: object, asked: string[] = []) =>
  (from: string): Promise<object> => {
    asked.push(from);
    return Promise.resolve(exports);
  };
const FOLDER = "/somewhere/out";
const NO_HOST = { strategies: {} };

it("imports a package's strategy from the package, with the parameters that it was given", async () => {
  const strategies = [{ given: "@somebody/bots", use: Mine, params: { edge: 0.02 } }];
  const asked: string[] = [];
  const { imports, unknown } = await importsOf(strategies, NO_HOST, FOLDER, modules({ Mine }, asked));
  expect(imports).toEqual([{ name: "Mine", from: "@somebody/bots", params: { edge: 0.02 } }]);
  expect(asked).toEqual(["@somebody/bots"]);
  expect(unknown).toEqual([]);
});

it("imports a default strategy from the SDK under the name of its class, whoever names it", async () => {
  const strategies = [
    { given: "model-maker", use: ModelMaker, params: {} },
    { given: "pair", use: PairArb, params: {} },
  ];
  const { imports } = await importsOf(strategies, { strategies: { pair: PairArb } }, FOLDER);
  expect(imports).toEqual([
    { name: "ModelMaker", from: "@matchpoint/sdk" },
    { name: "PairArb", from: "@matchpoint/sdk" },
  ]);
});

it("imports a host program's strategy from its file, and says so where the program does not tell it", async () => {
  const host = { strategies: { mine: Mine }, strategyFiles: { mine: "file:///somewhere/bots/mine.ts" } };
  const strategies = [{ given: "mine", use: Mine, params: {} }];
  const { imports } = await importsOf(strategies, host, FOLDER, modules({ Mine }));
  expect(imports).toEqual([{ name: "Mine", from: "../bots/mine.ts" }]);
  const untold = await importsOf(strategies, { strategies: host.strategies }, FOLDER, modules({}));
  expect(untold.unknown).toEqual(["mine"]);
  expect(untold.imports).toEqual([{ name: "Mine", from: "./where-mine-is.ts" }]);
});

it("gives every import a name of its own that can be written", async () => {
  const unnamed = (() => class extends Mine {})();
  const files = { [join(FOLDER, "a.ts")]: { default: unnamed }, [join(FOLDER, "b.ts")]: { Mine } };
  const loads = (from: string): Promise<object> => Promise.resolve(files[from.replace("file://", "")] ?? {});
  const strategies = [
    { given: join(FOLDER, "a.ts"), use: unnamed, params: {} },
    { given: join(FOLDER, "b.ts"), use: Mine, params: {} },
    { given: join(FOLDER, "b.ts"), use: Mine, params: {} },
  ];
  const { imports } = await importsOf(strategies, NO_HOST, FOLDER, loads);
  expect(imports).toEqual([
    { name: "OwnStrategy", from: "./a.ts", isDefault: true },
    { name: "Mine", from: "./b.ts" },
    { name: "Mine2", from: "./b.ts", exported: "Mine" },
  ]);
});
