import { accountChecks, type LiveCheck } from "@matchpoint/adapters-polymarket";
import { isMatchpointError } from "@matchpoint/sdk";
import { hintOf, lineOf, type Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, skip, type Outcome } from "./finding.ts";

/** The account at the venue. */
export const ACCOUNT_CHECKS: readonly Check[] = [
  {
    id: "owner",
    title: "Owner and signature type",
    looksAt: "whose key signs, and for which wallet by execution.signature_type and execution.funder",
    needs: ["private-key"],
    modes: "live",
    run: async (bench) => {
      const { wallet, funder, signatureType } = (await bench.account()).parties;
      const whose = signatureType === 0 ? `${wallet} signs for itself` : `${wallet} signs for ${funder}`;
      return ok(`${whose} (signature type ${signatureType})`);
    },
  },
  {
    id: "api-key",
    title: "API key",
    looksAt: "whether the venue takes the API key as the wallet's own",
    needs: ["owner", "venue", "clock-venue"],
    modes: "live",
    run: async (bench) => {
      try {
        await bench.credentials();
      } catch (error) {
        if (!isMatchpointError(error)) throw error;
        if (error.code.startsWith("SECRET_") || error.code === "CREDENTIALS_INVALID")
          return skip("not looked at: it could not be read, see secrets");
        return fail(lineOf(error), hintOf(error, "Try again."));
      }
      return (await line(bench, "api-key"))!;
    },
  },
  {
    id: "account",
    title: "Account",
    looksAt: "whether the account may open positions, and its pUSD at the venue",
    needs: ["api-key", "collateral"],
    modes: "live",
    run: async (bench) => (await line(bench, "account")) ?? skip("not looked at: the venue did not say"),
  },
  {
    id: "funder",
    title: "Funder",
    looksAt: "whether the venue knows execution.funder as this key's wallet, by its orders and trades",
    needs: ["api-key"],
    modes: "live",
    run: async (bench) =>
      (await line(bench, "funder")) ??
      idle(
        bench.config.execution.signature_type === 0
          ? "the key's own wallet holds the money"
          : "the venue knows no order of this key yet",
      ),
  },
];

async function line(bench: Bench, id: LiveCheck["id"]): Promise<Outcome | undefined> {
  const lines = await bench.once("account-lines", async () => {
    const { transport, clock, signal, clob } = bench;
    const [credentials, { parties }] = await Promise.all([bench.credentials(), bench.account()]);
    return accountChecks({ transport, clock, signal, credentials, parties, ...clob });
  });
  const found = lines.find((each) => each.id === id);
  return found === undefined ? undefined : { status: found.status, found: found.found, fix: found.fix };
}
