import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TruthStatus } from "../../src/state/index.ts";
import {
  isTruthRow,
  pooledLogOdds,
  TruthEngine,
  type ClaimSet,
  type Judgement,
  type TruthRule,
  type TruthSnapshot,
} from "../../src/truth/index.ts";
import { config, MATCH } from "./helpers.ts";
import { asEvent, engineOf, format, inputs, run, Run, settings, without } from "./runs.ts";

const runs = { numRuns: 150 };

describe("whatever the sources say", () => {
  it("every change is a row of the table, and the chain has no gaps", () => {
    fc.assert(
      fc.property(format, inputs, settings, (bestOf, given, overrides) => {
        const at = new Map<number, TruthStatus>();
        for (const change of run(bestOf, given, overrides).changes) {
          expect(change.previous.status).toBe(change.from);
          expect(change.current.status).toBe(change.to);
          if (change.on === undefined) {
            expect(["stale", "fresh_again"]).toContain(change.kind);
            continue;
          }
          expect(
            isTruthRow(change.from, change.on, change.to),
            `${change.from} ${change.on} ${change.to}`,
          ).toBe(true);
          expect(change.from).toBe(at.get(change.game ?? 0) ?? "scheduled");
          at.set(change.game ?? 0, change.to);
          if (change.from === "final" && change.to !== "final") {
            expect(["rollback", "remake", "correction", "contradiction"]).toContain(change.on);
          }
        }
        expect([...at.values()]).not.toContain("retracted");
      }),
      runs,
    );
  });

  it("revisions strictly grow", () => {
    fc.assert(
      fc.property(format, inputs, settings, (bestOf, given, overrides) => {
        const last = new Map<number, number>();
        for (const change of run(bestOf, given, overrides).changes) {
          if (change.on === undefined) continue;
          const subject = change.game ?? 0;
          expect(change.previous.revision).toBe(last.get(subject) ?? 0);
          expect(change.current.revision).toBeGreaterThan(change.previous.revision);
          last.set(subject, change.current.revision);
        }
      }),
      runs,
    );
  });

  it("time alone never makes final", () => {
    fc.assert(
      fc.property(format, inputs, settings, (bestOf, given, overrides) => {
        const made = new Run(engineOf(bestOf, overrides));
        for (const each of given) {
          const before = made.changes.length;
          made.pass(each.after);
          for (const change of made.changes.slice(before))
            expect(change.to === "final" && change.from !== "final").toBe(false);
          made.feed({ ...each, after: 0 });
        }
        const before = made.changes.length;
        made.pass(10_000_000);
        for (const change of made.changes.slice(before))
          expect(change.to === "final" && change.from !== "final").toBe(false);
      }),
      runs,
    );
  });

  it("sources of one upstream, none of tier A, never make final", () => {
    const one = inputs.map((given) =>
      given.map((each) => ({
        ...each,
        source: each.source === "grid" || each.source === "official" ? "panda" : each.source,
      })),
    );
    fc.assert(
      fc.property(format, one, (bestOf, given) => {
        const made = new Run(engineOf(bestOf));
        for (const each of given) {
          made.pass(each.after);
          const said = asEvent(each, made.now);
          made.keep(made.engine.apply(said.type === "match_claim" ? { ...said, upstream: "one" } : said));
        }
        expect(made.changes.some((change) => change.to === "final")).toBe(false);
      }),
      runs,
    );
  });

  it("tier C alone decides nothing and starts nothing", () => {
    const onlyC = inputs.map((given) =>
      given.map((each) => ({ ...each, source: each.source < "p" ? "wiki" : "wiki2" })),
    );
    fc.assert(
      fc.property(format, onlyC, settings, (bestOf, given, overrides) => {
        for (const change of run(bestOf, given, overrides).changes) {
          expect(change).toMatchObject({ from: "scheduled", to: "scheduled", on: "evidence", fresh: false });
        }
      }),
      runs,
    );
  });

  it("the winner held true never has less pooled log-odds than the other", () => {
    fc.assert(
      fc.property(format, inputs, settings, (bestOf, given, overrides) => {
        const seen = new Map<number, { claims: ClaimSet; judgement: Judgement }>();
        const watching: TruthRule = {
          id: "watching",
          judge(about, settingsOf) {
            const judgement = pooledLogOdds.judge(about, settingsOf);
            seen.set(about.game ?? 0, { claims: about, judgement });
            return judgement;
          },
        };
        const made = new Run(engineOf(bestOf, overrides, watching));
        for (const each of given) {
          made.feed(each);
          for (const { status, winner, game: number } of made.engine.state(MATCH)!.games) {
            const odds = seen.get(number)?.judgement.logOdds;
            if ((status !== "final" && status !== "effectively_final") || odds === undefined) continue;
            expect(odds[winner!]).toBeGreaterThanOrEqual(odds[winner === 0 ? 1 : 0] - 1e-9);
          }
          const series = made.engine.state(MATCH)!;
          if (series.status !== "final" && series.status !== "effectively_final") continue;
          const maps = series.maps;
          const odds = seen.get(0)!.judgement.logOdds;
          const byMaps = maps[series.winner!] > bestOf / 2;
          if (!byMaps)
            expect(odds[series.winner!]).toBeGreaterThanOrEqual(odds[series.winner === 0 ? 1 : 0] - 1e-9);
        }
      }),
      runs,
    );
  });

  it("the same events give the same changes, and a restored snapshot goes on the same way", () => {
    fc.assert(
      fc.property(format, inputs, settings, fc.nat(40), (bestOf, given, overrides, cut) => {
        const whole = run(bestOf, given, overrides);
        expect(run(bestOf, given, overrides).changes).toStrictEqual(whole.changes);
        const first = new Run(engineOf(bestOf, overrides));
        for (const each of given.slice(0, cut)) first.feed(each);
        const text = JSON.stringify(first.engine.snapshot());
        const restored = new TruthEngine(config(without(overrides, "title")));
        restored.restore(JSON.parse(text) as TruthSnapshot);
        expect(restored.state(MATCH)).toStrictEqual(first.engine.state(MATCH));
        const second = new Run(restored, first.now, first.timers);
        for (const each of given.slice(cut)) second.feed(each);
        second.pass(60_000);
        expect([...first.changes, ...second.changes]).toStrictEqual(whole.changes);
        expect(restored.snapshot()).toStrictEqual(whole.engine.snapshot());
        expect(JSON.stringify(first.engine.snapshot())).toBe(text);
      }),
      runs,
    );
  });

  it("verdicts that were handed out are never changed", () => {
    fc.assert(
      fc.property(format, inputs, (bestOf, given) => {
        const made = new Run(engineOf(bestOf));
        const kept: { state: unknown; text: string }[] = [];
        for (const each of given) {
          made.feed(each);
          const state = made.engine.state(MATCH)!;
          kept.push({ state, text: JSON.stringify(state) });
        }
        for (const { state, text } of kept) expect(JSON.stringify(state)).toBe(text);
      }),
    );
  });

  it("the state agrees with itself", () => {
    fc.assert(
      fc.property(format, inputs, settings, (bestOf, given, overrides) => {
        const made = new Run(engineOf(bestOf, overrides));
        for (const each of given) {
          made.feed(each);
          const state = made.engine.state(MATCH)!;
          const won = [0, 0];
          for (const { status, winner } of state.games) {
            const decided = status === "final" || status === "effectively_final";
            if (decided) won[winner!]! += 1;
            if (status === "not_played")
              expect(["final", "effectively_final", "disputed", "void"]).toContain(state.status);
          }
          expect(state.maps).toEqual(won);
          expect(Math.max(...won)).toBeLessThanOrEqual(Math.floor(bestOf / 2) + 1);
          expect(state.stale).toBe(state.staleSource !== undefined);
          if (state.status === "final" || state.status === "effectively_final") {
            expect(state.currentGame).toBeUndefined();
            expect(state.winner).toBeDefined();
          }
        }
      }),
      runs,
    );
  });
});
