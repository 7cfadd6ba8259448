import { defaultWorld, matchListings } from "@matchpoint/paper-venue";
import { assessResolution } from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { expect, it } from "vitest";

it("the venue's markets resolve by rules that the resolution filter understands", () => {
  const listings = defaultWorld({ seed: 1, wallStart: 1_790_000_000_000 });
  const templates = listings.map(
    ({ description: { rules, outcomes, startsAt, title }, sportsMarketType }) => {
      const game = /(\d) Winner$/.exec(title)?.[1];
      const answer = assessResolution({
        rules: rules ?? "",
        outcomes: [outcomes[0].name, outcomes[1].name],
        startsAt,
        title: title.startsWith("LoL") ? "lol" : "cs2",
        subject: game === undefined ? { kind: "series" } : { kind: "game", game: Number(game) },
      });
      return [sportsMarketType, answer.ok ? answer.template : JSON.stringify(answer.findings)];
    },
  );
  expect(new Set(templates.map((each) => each.join(" ")))).toEqual(
    new Set(["moneyline esports-match", "child_moneyline esports-game"]),
  );
});

// The simulator words its rules itself: it is loaded by every command, and would have to load the venue for a text.
it.each(["lol", "cs2"] as const)(
  "the simulator's %s markets resolve by the venue's rules, word for word",
  (title) => {
    const { description, markets } = simulateMatch({ seed: 5, title, bestOf: 3 });
    const [a, b] = description.teams;
    const tournament = / - (.+)$/.exec(markets[0]!.title)![1]!;
    const listings = matchListings({
      seed: 5,
      title,
      teams: [a.name, b.name],
      bestOf: 3,
      tournament,
      startsAt: 1_790_000_000_000,
      slug: "x",
    });
    expect(markets.map(({ title: name, rules }) => [name, rules])).toEqual(
      listings.map((listing) => [listing.description.title, listing.description.rules]),
    );
  },
);
