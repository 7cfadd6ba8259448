import { defaultWorld } from "@matchpoint/paper-venue";
import { assessResolution } from "@matchpoint/sdk";
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
