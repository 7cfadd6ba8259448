import { type Intent } from "../../src/events/index.ts";
import type { RiskCheck, RiskView } from "../../src/risk/index.ts";
import { riskLimits } from "../../src/risk/index.ts";
import { config, view, type World } from "./support.ts";

export const ask = (
  check: RiskCheck,
  one: Intent,
  world: World | RiskView = {},
  settings: Readonly<Record<string, unknown>> = {},
): string | undefined =>
  check.check(one, "ledger" in world ? world : view(world), riskLimits(config(settings)));
