import type { MatchDescription } from "../../events/index.ts";
import type { MatchId } from "../../ids.ts";
import { ownNames } from "./fit.ts";
import { normaliseName } from "./names.ts";
import type { TeamTable } from "./teamAliases.ts";

/** Matches by the names of their teams: which ones a name may belong to, so that a long schedule is not searched match by match. */
export class MatchIndex {
  readonly #table: TeamTable;
  readonly #matches = new Map<MatchId, MatchDescription>();
  readonly #byName = new Map<string, Set<MatchId>>();
  readonly #names = new Set<string>();

  constructor(table: TeamTable) {
    this.#table = table;
  }

  get(matchId: MatchId): MatchDescription | undefined {
    return this.#matches.get(matchId);
  }

  all(): readonly MatchDescription[] {
    return [...this.#matches.values()];
  }

  /** Every name of a team of any match. */
  names(): Iterable<string> {
    return this.#names;
  }

  set(match: MatchDescription): void {
    const before = this.#matches.get(match.matchId);
    this.#matches.set(match.matchId, match);
    if (before?.teams === match.teams) return;
    if (before !== undefined)
      for (const key of this.#keysOf(before)) this.#byName.get(key)?.delete(match.matchId);
    for (const key of this.#keysOf(match)) {
      const ids = this.#byName.get(key);
      if (ids === undefined) this.#byName.set(key, new Set([match.matchId]));
      else ids.add(match.matchId);
    }
    for (const team of match.teams) for (const name of ownNames(team)) this.#names.add(name);
  }

  /** Matches that may have a team of this name: all that do, and some that do not. */
  with(name: string): ReadonlySet<MatchId> {
    const found = new Set<MatchId>();
    for (const key of this.#keys(name)) for (const matchId of this.#byName.get(key) ?? []) found.add(matchId);
    return found;
  }

  *#keysOf(match: MatchDescription): Generator<string> {
    for (const team of match.teams) for (const name of ownNames(team)) yield* this.#keys(name);
  }

  #keys(name: string): readonly string[] {
    // Names of the table stand under a mark of their own: a team may be called what another's canonical name is.
    return [normaliseName(name), ...this.#table.namesakes(name).map((team) => `=${team}`)];
  }
}
