import { MatchpointError } from "@matchpoint/sdk";
import { LiveMatch, type MatchVenue } from "@matchpoint/testing";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

type Command = Readonly<Record<string, unknown>>;

/** A venue that only writes down what it is told, and when. */
class Notebook implements MatchVenue {
  readonly markets = [
    { marketId: "series", game: 0, first: 0 },
    { marketId: "one", game: 1, first: 0 },
    { marketId: "two", game: 2, first: 1 },
    { marketId: "three", game: 3, first: 0 },
  ] as const;
  readonly told: (Command & { readonly ms: number })[] = [];
  readonly #refuses: string | undefined;

  constructor(refuses?: string) {
    this.#refuses = refuses;
  }

  command(command: unknown): { readonly ok: boolean; readonly error?: string } {
    this.told.push({ ...(command as Command), ms: performance.now() });
    return (command as Command)["do"] === this.#refuses ? { ok: false, error: "no" } : { ok: true };
  }

  of(what: string, market?: string): readonly (Command & { readonly ms: number })[] {
    return this.told.filter(
      (each) => each["do"] === what && (market === undefined || each["market"] === market),
    );
  }
}

const open: LiveMatch[] = [];
afterEach(async () => {
  for (const match of open.splice(0)) await match.stop();
});

/** The league of legends match of the seed, which is two games long. */
function liveMatch(over: Partial<ConstructorParameters<typeof LiveMatch>[0]> = {}): LiveMatch {
  const match = new LiveMatch({
    seed: 712,
    title: "lol",
    bestOf: 3,
    pace: 6_000,
    makersLateMs: 200,
    leadMs: 50,
    ...over,
  });
  open.push(match);
  return match;
}

/** Listens to GRID as a client does. */
async function listen(match: LiveMatch): Promise<{ readonly said: string[] }> {
  const said: string[] = [];
  const series = match.description.refs!["grid"]!.match;
  const socket = new WebSocket(`${match.grid.urls.ws}/live-data-feed/series/${series}?key=k`);
  socket.on("message", (data) => said.push((data as Buffer).toString()));
  await match.followed();
  return { said };
}

describe("a match that happens now", () => {
  it("is told by its sources, and later to the venue's makers, who end at what it came to", async () => {
    const match = liveMatch();
    const venue = new Notebook();
    await match.start();
    const { said } = await listen(match);
    const { winner, games, pay } = await match.play(venue);
    expect([winner, games]).toEqual([1, [1, 1, undefined]]);

    const won = said.findIndex((text) => text.includes('"team-won-game"'));
    expect(won).toBeGreaterThan(20);
    expect(said.at(-1)).toMatch(/grid-ended-feed|"ended"/);
    expect(match.pandascore.seen.requests).toBe(0);

    const scores = venue.of("sports").map(({ score, ended }) => `${String(score)} ${String(ended)}`);
    expect(scores.at(-1)).toBe("000-000|0-2|Bo3 true");
    expect(scores.filter((each) => each.endsWith("true"))).toHaveLength(1);
    // The second game's market lists the winner first.
    const last = ["series", "one", "two"].map(
      (market) => venue.of("fair", market).at(-1)!["price"] as number,
    );
    expect(last[0]).toBeLessThan(0.01);
    expect(last[1]).toBeLessThan(0.01);
    expect(last[2]).toBeGreaterThan(0.99);
    const started = venue.of("sports")[1]!.ms;
    const moved = venue.of("fair", "series").find(({ price }) => Math.abs((price as number) - 0.5) > 0.05)!;
    expect(moved.ms - started).toBeGreaterThan(190);

    expect(venue.of("resolve")).toEqual([]);
    expect(venue.of("oracle").map(({ status }) => status)).toEqual(Array(4).fill("proposed"));
    pay();
    expect(venue.of("resolve").map(({ market, outcome }) => [market, outcome])).toEqual([
      ["series", 1],
      ["one", 1],
      ["two", 0],
      ["three", "50-50"],
    ]);
  });

  it("says where the venue refuses what it is told", async () => {
    const match = liveMatch();
    await match.start();
    const played = match.play(new Notebook("fair"));
    await expect(played).rejects.toThrow(/the venue refuses .*"fair".*no/);
  });

  it("ends when it is stopped", async () => {
    const match = liveMatch({ pace: 1 });
    await match.start();
    const played = match.play(new Notebook());
    const told = expect(played).rejects.toThrow(MatchpointError);
    await match.stop();
    await told;
    open.length = 0;
  });

  it.each([
    { pace: 0 },
    { pace: Number.NaN },
    { pace: Infinity },
    { makersLateMs: -1 },
    { seed: 0.5 },
    { title: "dota2" as "lol" },
  ])("is refused with %o", (over) => {
    expect(() => new LiveMatch({ seed: 1, title: "lol", bestOf: 3, ...over })).toThrow(MatchpointError);
  });
});
