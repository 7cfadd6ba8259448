import { ENTRY_ONLY, type RiskCheck } from "../check.ts";

/** Nothing is begun in a market of which it is not understood what it pays, whoever asks. */
export const resolutionUnclear: RiskCheck = {
  code: "RESOLUTION_UNCLEAR",
  purposes: ENTRY_ONLY,
  check(_intent, { resolution }, { refuseUnclearRules }) {
    if (!refuseUnclearRules || resolution?.ok !== false) return undefined;
    const { code, why, sentence } = resolution.findings[0]!;
    return `${code}: ${why}: "${sentence}"`;
  },
};
