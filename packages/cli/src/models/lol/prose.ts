import type { CardProse } from "../titles.ts";

/** The words of the LoL model's card. */
export const LOL_PROSE: CardProse = {
  heading: "League of Legends: the gold curve by minute",
  model: `Chance that a team wins the game that is being played, from the game clock, both teams' gold, and how the gold lead came
about. With t in minutes (held at 3 and 50), v = ln(t / 20), g the lead in thousands of gold (held at 15):

\`\`\`text
logit p = 0.5 · curve + 0.5 · published + strength
curve     = side + lead · g + level · mean lead of the last ten minutes + change · (g - g two minutes ago) + square · g·|g|
            where lead is quadratic in v, and side, level, change and square are linear in v
published = 0.131 + 0.476 (t / 20)^-0.724 · g              434 professional games of January 2025
strength  = weight · (rating of team 0 - rating of team 1) · 0.5^(days since the end of the data / 270)
\`\`\`

Everything turns its sign with the side; where no source says who is blue, the side's terms are zero. A hole in the curve is
filled with what level and change usually are at such a lead; before minute 3 gold says nothing. Without gold and clock the model
says what the map-advantage model says, and says that this is not calibrated; so it says before minute 3 and from minute 50 on.

Ratings are Bradley and Terry's by ridge regression over all games of the data; a season weighs a sixteenth of the one after it.
Their weight is found on ratings of the seasons before each game, and is held near 1.5 where there are few. They count only in matches that start after the data ends, and are gone two or three years later: for teams of today
they say nothing, and the line "against itself without the teams' ratings" below is what remains. They are in the model since
a fit on recent games has recent ratings: knowing who plays was worth several times what more of the curve was worth. The
test below uses, for each match, ratings of the seasons before it.

The uncertainty that goes with p (one standard deviation) is 0.45 p (1 - p) with ratings, 0.6 p (1 - p) without, and
0.7 p (1 - p) where the curve has holes: how far knowing the teams' strength of the same season moved the probabilities.`,
  source: `One row per professional game: winner, side, league, season, gold difference at every full minute; scraped from the
publisher's match history pages, seasons 2014 to 2017. The order of seasons is the only time there is, and series cannot be told:
every game counts as a match of its own, so intervals are somewhat too narrow. The split is by season: the last one is the test.
At minute t only games that lasted so long are there, at run time as in the fit: late leads come from close games, which is why
nothing is pooled over minutes except by smooth factors.`,
  limits: [
    "Most of the gain over the simpler models is the teams' ratings. Without them, which is how it stands in matches of today, it is as good as the closed form up to minute 20 and somewhat better after that: see the lines against itself without ratings.",
    "Only gold: towers, dragons, barons, experience and who is alive count as far as they have become gold. No data to fit them on was at hand, and no hand-set offset is added: what is not measured is not claimed.",
    "The data is of 2014-2017. Games of today are shorter and objectives pay otherwise; half of the log-odds comes from a formula of 2025 to lean against that. Refit on recent games before money depends on it.",
    "What a thousand of gold is worth differs from season to season by about a tenth, more than sampling explains: the calibration of a future season is less sure than the band above says.",
    "Tried and left out, since forward tests were no better: effects of leagues on the curve, largest lead so far, volatility, separate fits per minute; ratings from gold instead of wins, by the order of games within a season, with strengths of leagues, with a mark for teams never seen, and a weight of ratings that falls with time.",
    "Not evidence of an edge: compare it with the market's price on your own recordings first.",
  ],
};
