import { readParties, type OrderParties } from "../order/order.ts";
import { deriveWallets } from "../relayer/derive.ts";
import { RELAY_CONTRACTS } from "../relayer/relayContracts.ts";
import type { LiveCheck } from "./check.ts";

const FIX =
  "Copy the address from the profile on polymarket.com into execution.funder, and see that execution.signature_type is the account's.";

/**
 * Whether the account's money is where `execution.funder` says, by what the venue itself knows of this API key: the makers of its orders
 * and trades. A key without any is held against the wallets that Polymarket's contracts make for it (`derived`): no proof, since nobody
 * says that there is no other, but worth a word.
 *
 * @param answers - what `/data/orders` and `/data/trades` answered, unread; one that is not there says nothing
 * @param derived - whether the wallets that the chain derives have a say; not at a local venue
 */
export function judgeFunder(
  answers: readonly unknown[],
  apiKey: string,
  parties: OrderParties,
  derived: boolean,
): readonly LiveCheck[] {
  const { signatureType, funder, wallet } = readParties(parties);
  if (signatureType === 0) return [];
  const own = funder.toLowerCase();
  const makers = new Set(answers.flatMap((answer) => makersOf(answer, apiKey)));
  if (makers.has(own))
    return [{ id: "funder", status: "ok", found: "the venue knows the funder as this key's", fix: "" }];
  const [other] = makers;
  if (other !== undefined)
    return [
      {
        id: "funder",
        status: "fail",
        found: `the venue knows the orders of this key as those of ${other}, and execution.funder is ${funder}`,
        fix: FIX,
      },
    ];
  if (!derived) return [];
  const expected = deriveWallets(wallet, signatureType, RELAY_CONTRACTS[137]!);
  if (expected.some((each) => each.toLowerCase() === own)) return [];
  return [
    {
      id: "funder",
      status: "warn",
      found: `execution.funder is ${funder}; Polymarket's contracts give this key ${expected[0]!} for signature type ${signatureType}`,
      fix: FIX,
    },
  ];
}

/** Addresses, in lower case, for which this API key's orders were made. */
function makersOf(answer: unknown, apiKey: string): readonly string[] {
  const { data } = (answer ?? {}) as { readonly data?: unknown };
  const records = Array.isArray(answer)
    ? (answer as unknown[])
    : Array.isArray(data)
      ? (data as unknown[])
      : [];
  const parts = records.flatMap((record) => {
    const { maker_orders: makers } = (record ?? {}) as { readonly maker_orders?: unknown };
    return [record, ...(Array.isArray(makers) ? (makers as unknown[]) : [])];
  });
  return parts.flatMap((part) => {
    const { owner, maker_address: maker } = (part ?? {}) as {
      readonly owner?: unknown;
      readonly maker_address?: unknown;
    };
    return owner === apiKey && typeof maker === "string" && /^0x[\da-f]{40}$/i.test(maker)
      ? [maker.toLowerCase()]
      : [];
  });
}
