import { MatchpointError } from "../errors.ts";
import type { MatchDescription, SourceEvent, SourceHealthChanged } from "../events/index.ts";
import type { MatchId } from "../ids.ts";
import type { TruthState } from "../state/index.ts";
import type { Nanos } from "../units/index.ts";
import type { TruthChange } from "./change.ts";
import type { TruthRule } from "./claims.ts";
import type { TruthConfig } from "./config.ts";
import { pooledLogOdds } from "./pooledLogOdds.ts";
import type { SourceCounters, TruthSnapshot, TruthTimer } from "./records.ts";

function unbuilt(): never {
  throw new MatchpointError("INVARIANT", "under construction");
}

/** Truth about all listed matches. */
export class TruthEngine {
  readonly config: TruthConfig;
  readonly rule: TruthRule;

  constructor(config: TruthConfig, rule: TruthRule = pooledLogOdds) {
    this.config = config;
    this.rule = rule;
  }

  list(_match: MatchDescription, _at: Nanos): TruthChange[] {
    return unbuilt();
  }
  apply(_event: SourceEvent | SourceHealthChanged): TruthChange[] {
    return unbuilt();
  }
  onTimer(_timerId: string, _at: Nanos): TruthChange[] {
    return unbuilt();
  }
  takeTimers(): readonly TruthTimer[] {
    return unbuilt();
  }
  state(_matchId: MatchId): TruthState | undefined {
    return unbuilt();
  }
  matches(): readonly MatchId[] {
    return unbuilt();
  }
  sources(): readonly SourceCounters[] {
    return unbuilt();
  }
  snapshot(): TruthSnapshot {
    return unbuilt();
  }
  restore(_snapshot: TruthSnapshot): void {
    unbuilt();
  }
}
