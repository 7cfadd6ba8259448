import type { OrderReport, RejectCode } from "@matchpoint/sdk";

/** Refusals that quoting brings every day: the strategy has its answer to them, a person has nothing to do. */
const EVERYDAY: ReadonlySet<RejectCode> = new Set(["POST_ONLY_CROSSES", "FAK_NO_MATCH", "FOK_NOT_FILLED"]);

/** What a person can do about a refusal; what is not here, the venue's words say best. */
const REMEDIES: { readonly [K in RejectCode]?: string } = {
  ALLOWANCE:
    "the venue's contracts may not take the account's money or shares: run `matchpoint wallet approve` (it needs MATCHPOINT_RPC_URLS)",
  BALANCE: "the account has not enough that is free: open orders hold some too",
  AUTH: "the venue does not let this account trade so: check execution.funder, execution.signature_type and the API key",
};

/** A refusal of the venue's for a person; `undefined` where it is no news. */
export function refusalText({ code = "OTHER", detail = "" }: OrderReport): string | undefined {
  if (EVERYDAY.has(code)) return undefined;
  const remedy = REMEDIES[code];
  const why = detail === "" ? "the venue does not say why" : detail;
  return `order refused (${code}): ${why}${remedy === undefined ? "" : `; ${remedy}`}`;
}
