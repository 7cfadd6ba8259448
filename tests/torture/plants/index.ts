import { APART_PLANTS } from "./apart.ts";
import { LIMIT_PLANTS } from "./limits.ts";
import { MONEY_PLANTS } from "./money.ts";
import { ORDER_PLANTS } from "./orders.ts";
import type { Plant } from "./plant.ts";
import { SHELL_PLANTS } from "./shell.ts";
import { WORLD_PLANTS } from "./world.ts";

export { planted, PlantError, type Plant } from "./plant.ts";

/** Every planted mistake. */
export const PLANTS: readonly Plant[] = [
  ...ORDER_PLANTS,
  ...MONEY_PLANTS,
  ...LIMIT_PLANTS,
  ...APART_PLANTS,
  ...WORLD_PLANTS,
  ...SHELL_PLANTS,
];
