import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as sdk from "@matchpoint/sdk";
import type { StrategyClass, StrategyUse } from "@matchpoint/sdk";
import type { ReproductionStrategy } from "@matchpoint/testing";
import type { Host } from "../commands/shared.ts";
import { isPath } from "../loadModule.ts";

/** A strategy as the command line names it, and as it was found, with its parameters. */
export interface NamedStrategy extends StrategyUse {
  readonly given: string;
}

type Load = (from: string) => Promise<object>;
const load: Load = async (from) => (await import(from)) as object;

/** Names that the written test has already. */
const TAKEN: ReadonlySet<string> = new Set(["test", "expect", "tortureSeed", "violations", "default"]);

/**
 * How a test that is written into a folder imports the strategies that were named. A host program's own strategy whose file it does not tell
 * is `unknown`: somebody has to write the path of it.
 */
export async function importsOf(
  strategies: readonly NamedStrategy[],
  host: Pick<Host, "strategies" | "strategyFiles">,
  folder: string,
  loads: Load = load,
): Promise<{ readonly imports: readonly ReproductionStrategy[]; readonly unknown: readonly string[] }> {
  const imports: ReproductionStrategy[] = [];
  const unknown: string[] = [];
  const names = new Set(TAKEN);
  for (const { given, use, params } of strategies) {
    const place = await placeOf(given, use, host, folder, loads);
    if (place === undefined) unknown.push(given);
    const exported = place?.exported ?? use.name;
    const name = free(exported === "default" ? use.name : exported, names);
    imports.push({
      name,
      from: place?.from ?? `./where-${given.replace(/[^\w-]/g, "-")}-is.ts`,
      ...(exported === "default" ? { isDefault: true } : exported === name ? {} : { exported }),
      ...(Object.keys(params as object).length === 0 ? {} : { params }),
    });
  }
  return { imports, unknown };
}

/** Where a strategy comes from, and as what: the same way by which it was found. */
async function placeOf(
  given: string,
  use: StrategyClass,
  host: Pick<Host, "strategies" | "strategyFiles">,
  folder: string,
  loads: Load,
): Promise<{ readonly from: string; readonly exported: string } | undefined> {
  const inSdk = exportedAs(sdk, use);
  if (inSdk !== undefined) return { from: "@matchpoint/sdk", exported: inSdk };
  if (Object.hasOwn(host.strategies, given)) {
    const file = host.strategyFiles?.[given];
    if (file === undefined) return undefined;
    const path = file.startsWith("file:") ? fileURLToPath(file) : resolve(file);
    const exported = exportedAs(await loads(pathToFileURL(path).href), use);
    return exported === undefined ? undefined : { from: relativeTo(folder, path), exported };
  }
  const path = isPath(given) ? resolve(given) : undefined;
  const module = await loads(path === undefined ? given : pathToFileURL(path).href);
  const from = path === undefined ? given : relativeTo(folder, path);
  return { from, exported: exportedAs(module, use) ?? "default" };
}

function exportedAs(module: object, use: StrategyClass): string | undefined {
  return Object.entries(module).find(([, value]) => value === use)?.[0];
}

/** A name of a class that no other import has. */
function free(wanted: string, names: Set<string>): string {
  const base = /^[A-Za-z_$][\w$]*$/.test(wanted) && wanted !== "default" ? wanted : "OwnStrategy";
  let name = base;
  for (let n = 2; names.has(name); n++) name = `${base}${n}`;
  names.add(name);
  return name;
}

function relativeTo(folder: string, file: string): string {
  const path = relative(folder, file).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}
