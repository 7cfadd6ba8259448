/** Beyond this many every combination is too many; then only single ones and all together are tried. */
const MOST = 12;

/**
 * Whether some of the amounts, at least one, add up to a sum, give or take.
 * @param give - how far it may be off
 */
export function someOf(amounts: readonly number[], sum: number, give: number): boolean {
  const fits = (total: number): boolean => Math.abs(total - sum) <= give;
  if (amounts.length > MOST)
    return amounts.some(fits) || fits(amounts.reduce((total, each) => total + each, 0));
  const tried = (at: number, total: number, taken: boolean): boolean => {
    if (taken && fits(total)) return true;
    if (at === amounts.length) return false;
    return tried(at + 1, total + amounts[at]!, true) || tried(at + 1, total, taken);
  };
  return tried(0, 0, false);
}
