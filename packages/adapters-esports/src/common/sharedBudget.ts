import { SystemClock, type Clock } from "@matchpoint/sdk";
import { AttemptBudget } from "./attempts.ts";

/** What all feeds of this process that run in real time have spent, whichever clock object they were given. */
const REAL_TIME = new SystemClock();
const budgets = new WeakMap<Clock, Map<string, AttemptBudget>>();

/**
 * The budget of a name, the same for every feed of the process: a provider counts what comes from a key or an address, not
 * what comes from one of our objects. Where feeds state different limits the smallest holds for all.
 *
 * @param name what the provider counts by, such as its address
 */
export function sharedBudget(clock: Clock, name: string, count: number, windowMs: number): AttemptBudget {
  const time = clock instanceof SystemClock ? REAL_TIME : clock;
  let named = budgets.get(time);
  if (named === undefined) budgets.set(time, (named = new Map<string, AttemptBudget>()));
  const key = `${name} per ${windowMs}`;
  let budget = named.get(key);
  if (budget === undefined) named.set(key, (budget = new AttemptBudget(time, count, windowMs)));
  budget.narrow(count);
  return budget;
}
