import type { RealismPart, Usdc } from "@matchpoint/sdk";
import { dollars, money } from "../report/format.ts";
import { leastOf } from "../report/realism.ts";
import type { JobAccount, JobResult } from "./job.ts";

/** A run of a recording with a configuration. */
export interface Row {
  readonly config: string;
  readonly file: string;
  readonly result: JobResult;
}

/** Accounts added up, in a scenario only where each of them has it; the hash is of none. */
export function sumOf(accounts: readonly JobAccount[]): JobAccount {
  const sum = (of: (account: JobAccount) => number): number =>
    accounts.reduce((total, account) => total + of(account), 0);
  const scenarioSum = (name: "optimistic" | "pessimistic"): object =>
    accounts.some((account) => account[name] === undefined)
      ? {}
      : { [name]: sum((account) => account[name]!) };
  return {
    events: sum(({ events }) => events),
    orders: sum(({ orders }) => orders),
    fills: sum(({ fills }) => fills),
    denied: sum(({ denied }) => denied),
    skipped: sum(({ skipped }) => skipped),
    fees: sum(({ fees }) => fees),
    pnl: sum(({ pnl }) => pnl),
    ...scenarioSum("optimistic"),
    ...scenarioSum("pessimistic"),
    effectsHash: "",
  };
}

/** An account in dollars, for scripts; `null` for a scenario that is not known. */
export function accountJson({
  fees,
  pnl,
  optimistic,
  pessimistic,
  effectsHash,
  ...counts
}: JobAccount): object {
  return {
    ...counts,
    feesUsdc: dollars(fees as Usdc),
    pnlUsdc: dollars(pnl as Usdc),
    optimisticUsdc: optimistic === undefined ? null : dollars(optimistic as Usdc),
    pessimisticUsdc: pessimistic === undefined ? null : dollars(pessimistic as Usdc),
    ...(effectsHash === "" ? {} : { effectsHash }),
  };
}

/** How real the venue was in all of these runs: each part as it was in the run that had least of it. */
export function realismOf(results: readonly JobResult[]): readonly RealismPart[] {
  return leastOf(results.flatMap((result) => (result.ok ? result.facts.realism : [])));
}

/** A scenario's profit; a run without any has none. */
export function scenario(value: number | undefined): string {
  return value === undefined ? "-" : money(value as Usdc, true);
}
