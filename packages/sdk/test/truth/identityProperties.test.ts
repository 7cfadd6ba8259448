import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sideOf } from "../../src/truth/index.ts";
import type { Millis } from "../../src/units/index.ts";
import { HOUR, market, match, PAIR, registry, START } from "./identitySupport.ts";

describe("whatever is listed", () => {
  const club = fc.constantFrom(
    "NAVI",
    "FURIA",
    "G2",
    "MOUZ",
    "BIG",
    "Spirit",
    "B8",
    "Astralis",
    "Alpha",
    "Beta",
  );
  const side = fc.constantFrom("", "", "", " Academy", " NXT", " Junior", " fe", " GC");
  const team = fc.tuple(club, side).map(([name, mark]) => `${name}${mark}`);
  const pair = fc.tuple(team, team).filter(([a, b]) => a !== b);
  const hours = fc.integer({ min: -30, max: 30 });
  const spelled = fc.constantFrom(
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => ` ${name.toLowerCase()} `,
    (name: string) =>
      name === "NAVI"
        ? "Natus Vincere"
        : name === "G2"
          ? "G2 Esports"
          : name === "Spirit"
            ? "Team Spirit"
            : name,
  );

  it("a proof names the team that the outcome names, and an unproven market has no subject", () => {
    let proven = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(pair, hours), { minLength: 1, maxLength: 6 }),
        pair,
        hours,
        fc.boolean(),
        spelled,
        (listed, names, at, fromList, spell) => {
          const matches = listed.map(([teams, when], index) =>
            match(String(index), teams, { startsAt: (START + when * HOUR) as Millis }),
          );
          const [own, when] = fromList ? listed[0]! : [names, at];
          const swapped = at % 2 === 0 ? own : ([own[1], own[0]] as const);
          const shown = [spell(swapped[0]), spell(swapped[1])] as const;
          const proof = registry(matches).prove(market(shown, START + when * HOUR), {
            kind: "series",
            title: "cs2",
          });
          const true0 = matches.filter(
            ({ teams, startsAt }) =>
              [teams[0].name, teams[1].name].sort().join() === [...own].sort().join() &&
              Math.abs(startsAt! - START - when * HOUR) <= 2 * HOUR,
          );
          if (!proof.proven) {
            expect(proof).not.toHaveProperty("subject");
            expect(proof.reason).not.toBe("");
            return;
          }
          proven += 1;
          const joined = matches.find(({ matchId }) => matchId === proof.subject.matchId)!;
          expect(true0).toContain(joined);
          swapped.forEach((name, outcome) => {
            expect(joined.teams[proof.subject.teamOf[outcome as 0 | 1]].name).toBe(name);
            expect(sideOf(joined.teams[proof.subject.teamOf[outcome as 0 | 1]].name)).toBe(sideOf(name));
          });
        },
      ),
      { numRuns: 300 },
    );
    expect(proven).toBeGreaterThan(50);
  });

  it("what a market is joined to does not hang on the order of its outcomes or of the list", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(pair, hours), { minLength: 1, maxLength: 6 }), (listed) => {
        const matches = listed.map(([teams, when], index) =>
          match(String(index), teams, { startsAt: (START + when * HOUR) as Millis }),
        );
        const [[a, b], when] = listed[0]!;
        const one = registry(matches).prove(market([a, b], START + when * HOUR), { kind: "series" });
        const other = registry([...matches].reverse()).prove(market([b, a], START + when * HOUR), {
          kind: "series",
        });
        expect(other.proven).toBe(one.proven);
        if (one.proven && other.proven) {
          expect(other.subject.matchId).toBe(one.subject.matchId);
          expect(other.subject.teamOf).toEqual([one.subject.teamOf[1], one.subject.teamOf[0]]);
        }
      }),
    );
  });

  it("hostile names throw nothing and join nothing", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 200 }),
          fc.constantFrom("__proto__", "constructor", "x".repeat(100_000), ""),
        ),
        (name) => {
          const made = registry([match("a", PAIR)]);
          expect(made.prove(market([name, "NIP"]), { kind: "series", ids: { [name]: name } }).proven).toBe(
            false,
          );
        },
      ),
    );
  });
});
