import type { CardProse } from "../titles.ts";

const MODEL = `Chance that a team wins the map that is being played. With V(a, b) the Markov chain of rounds by score and side alone, solved
exactly over both halves and overtime:

\`\`\`text
P(map)  = q · U(a + 1, b, won) + (1 - q) · U(a, b + 1, lost)
U(a, b) = r · V(a + 1, b) + (1 - r) · V(a, b + 1)        V(a, b) where no economy is carried: new half, overtime, unknown
logit q = side + equipment · ln((ours + 1000) / (theirs + 1000))                              when a round begins to be played
        = side + equipment + players alive (log-ratio and difference) + bomb, less so the more have fallen          in a fight
logit r = won or lost · (1, |ln ratio|) + equipment now: who wins a round keeps weapons and has money for the next one
\`\`\`

Everything turns its sign with the team, so that both teams' chances add up to one. Sides change as the title has it. Equipment,
players and bomb count only when \`round\` says that they belong to the round after the score; what a source does not give is left
out, down to the score alone. Where it is not said who is on which side, both are averaged. There is one set of factors for fights
whose source says whether the bomb is planted and one for those where nothing is said.

The teams' strength is not known. The uncertainty that goes with p is one standard deviation of it (\`spread\`, shrinking with the
rounds played) carried through the chain.`;

const TRIED = `Tried and left out, since it did not help on maps that the fit had not seen: strength learnt from the score of the map (the
second comparison below: a lead tells of the economy as much as of strength, and the plain table happens to have both right), the
whole economy as a chain of states, money beside equipment, effects of the score on the round, chances of its own for sides in
pistol rounds within the table.`;

const SAMPLES = `Samples are taken when a round begins to be played (equipment is what the teams carry then) and after every kill and plant of
its fight while both teams have players and the round is not over; nothing of a round's end is known in them. The first are counted
under the number of the round, the others only under "while a round is fought" and "all". Which team counts as the first is drawn
from the name of the map: the collection puts the team that starts on one side first, at run time it is either.`;

export const CS2_PROSE: CardProse = {
  heading: "CS2: rounds, sides, economy and fights",
  model: `${MODEL}

Maps that a team has won of the match count as well (\`series carry\`: the winner of the first map won the second in .559 of 3,811
matches of 2023-2026): the chain starts from the strength under which a map from 0-0 has that chance. The figures below are
without it, since the maps of this collection cannot be joined to matches by team.

${TRIED}`,
  source: `Professional maps with score, side, equipment at the end of the freeze time and kills, read from demos of eleven tier-1 events;
maps that were not recorded whole are left out. Kills are there for most maps. Maps of one match are kept together. The collection
has no plants: players and bomb where plants are known are fitted on 121,243 in-round states of CS:GO tournaments of 2019-2020 in which
both teams stand; these have the same rules of the round but for its length.

The last third of the days is the test.

${SAMPLES}`,
  limits: [
    "One patch era and tier-1 teams only. CT's share of rounds differs from map to map (.42 to .54) and drifts; the model does not know which map is played.",
    "Who plays is not known: before the map and in its first rounds the market's price knows more. Shrink towards it by the uncertainty.",
    "Bomb plants come from CS:GO, and nothing here tests them on CS2. Time left in the round is not used: feeds state it too differently.",
    "Equipment counts as it is stated. During the freeze time it is not yet what the round is played with; a feed that does not count `round` is used for its score alone.",
    "Not evidence of an edge: compare it with the market's price on your own recordings first.",
  ],
};

export const VALORANT_PROSE: CardProse = {
  heading: "Valorant: rounds, sides, economy and fights",
  model: `${MODEL}

There are too few maps to fit all of this freely. Each factor is held near the one found for CS2, by a penalty that takes a difference
of a fifth for usual; what the two games share is borrowed, what differs shows.

${TRIED}`,
  source: `Professional maps of about 2024 with score, side, loadout values, kills and plants. Winners of rounds are derived from their events;
maps whose score does not come out legal are left out. There are no dates and no team names.

Half of the maps, drawn by a fixed seed, is the test; with so few, the intervals are wide.

${SAMPLES}`,
  limits: [
    "62 maps of one or two events: enough to see that what holds in CS2 holds here, not to know the factors well. At round starts alone the advantage over the plain table is not beyond chance on half of the maps.",
    "Maps of one event share teams and habits, so that even the test is closer to the fit than a new season would be.",
    "Ultimates, agents and which map is played are not known to the model, nor is who plays.",
    "Equipment counts as it is stated. While players are buying it is not yet what the round is played with; a feed that does not count `round` is used for its score alone.",
    "Not evidence of an edge: compare it with the market's price on your own recordings first.",
  ],
};
