/**
 * How much of the way from the market's price to a model's probability is to be gone, when both are uncertain: the weight of
 * the model in the mean of two independent estimates.
 *
 * @param sd one standard deviation of the model's probability
 * @param marketSd one standard deviation of the market's price around the truth
 * @returns from 0 (the market knows) to 1 (the model knows); 0 for a model whose uncertainty is no number
 */
export function modelShare(sd: number, marketSd: number): number {
  if (!(sd >= 0)) return 0;
  const market = marketSd * marketSd;
  const both = market + sd * sd;
  return both > 0 ? market / both : 1;
}
