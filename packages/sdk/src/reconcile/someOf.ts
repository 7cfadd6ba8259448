/** Beyond this many every combination is too many. */
const MOST = 14;

/**
 * Whether some of the amounts, at least one, add up to a sum, give or take. Of more than 14 amounts not every combination is tried: then
 * any sum will do that lies between the least and the most that they can add up to.
 * @param give - how far it may be off
 */
export function someOf(amounts: readonly number[], sum: number, give: number): boolean {
  if (amounts.length > MOST) return isBetween(amounts, sum, give);
  const tried = (at: number, total: number, taken: boolean): boolean => {
    if (taken && Math.abs(total - sum) <= give) return true;
    if (at === amounts.length) return false;
    return tried(at + 1, total + amounts[at]!, true) || tried(at + 1, total, taken);
  };
  return tried(0, 0, false);
}

function isBetween(amounts: readonly number[], sum: number, give: number): boolean {
  let [least, most] = [0, 0];
  for (const amount of amounts) {
    if (amount < 0) least += amount;
    else most += amount;
  }
  return sum >= least - give && sum <= most + give;
}
