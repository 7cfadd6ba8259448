import { probability, type ProbabilityModel } from "@matchpoint/sdk";

/** Chance of the team in front, by goals, in the second period of a game of ice hockey: round figures, not fitted. */
export const BY_LEAD: readonly number[] = [0.5, 0.7, 0.88, 0.96];

/**
 * The odds that the control trades on: who leads by how many goals, and nothing else. They are assumed. Their card calls them
 * calibrated and exact all the same, since here the rule on lag is to decide alone, not those on untested and unsure models.
 */
export const hockeyLead: ProbabilityModel = {
  id: "hockey-lead",
  card: {
    title: "Lead in goals, round figures",
    inputs: ["score"],
    basis: "assumed for the negative control; never compared with outcomes",
    calibrated: true,
    limits: ["only for the negative control"],
  },
  p(state) {
    const [home, away] = state.games[0]?.progress.score ?? [0, 0];
    const lead = home - away;
    const chance = BY_LEAD[Math.min(Math.abs(lead), BY_LEAD.length - 1)]!;
    return { p: probability(lead >= 0 ? chance : 1 - chance), sd: 0 };
  },
};
