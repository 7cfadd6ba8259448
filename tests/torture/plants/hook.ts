/**
 * Puts the mistake that `MATCHPOINT_PLANT` names into the product while its modules are loaded, in this process only:
 * `MATCHPOINT_PLANT=fee-forgotten node --conditions=@matchpoint/source --import ./tests/torture/plants/hook.ts program.ts`.
 * Nothing of the product knows of it: without this hook the variable means nothing.
 *
 * @module
 */
import { registerHooks } from "node:module";
import { planted, PlantError, PLANTS } from "./index.ts";

const ROOT = new URL("../../../", import.meta.url);
const wanted = process.env["MATCHPOINT_PLANT"];
if (wanted !== undefined && wanted !== "") {
  const plant = PLANTS.find(({ id }) => id === wanted);
  if (plant === undefined) throw new PlantError(`there is no plant ${wanted}`);
  const target = new URL(plant.file, ROOT).href;
  let loaded = false;
  registerHooks({
    load(url, context, next) {
      const result = next(url, context);
      if (url !== target) return result;
      loaded = true;
      const { source } = result;
      const text = typeof source === "string" ? source : new TextDecoder().decode(source);
      return { ...result, source: planted(plant, text) };
    },
  });
  // A program that never loads the file has not been tested with it.
  process.on("exit", (code) => {
    if (loaded || code !== 0) return;
    process.stderr.write(`plant ${plant.id}: ${plant.file} was never loaded\n`);
    process.exitCode = 70;
  });
}

/** For programs that start themselves again with a plant. */
export const PLANT_HOOK: string = import.meta.url;
