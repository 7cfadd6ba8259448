import { getAddress, isHexString } from "ethers";
import { RELAY_ADDRESSES } from "../chain/addresses.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { typeOf, walletOf, type RelayForm, type RelayKind } from "./relayWallets.ts";

const KINDS: ReadonlySet<string> = new Set<RelayKind>([
  "SAFE",
  "PROXY",
  "WALLET",
  "SAFE-CREATE",
  "WALLET-CREATE",
]);
const LONGEST = 200_000;

/** Reads the body of a request; a text says what is wrong with it. */
export function readForm(body: string): RelayForm | string {
  const fields = fieldsOf(parseJson(body));
  if (fields === undefined) return "invalid request payload";
  const text = (from: Readonly<Record<string, unknown>>, name: string): string => {
    const value = own(from, name);
    return typeof value === "string" && value.length <= LONGEST ? value : "";
  };
  const kind = text(fields, "type");
  if (!KINDS.has(kind)) return "invalid transaction type";
  const [from, to] = [addressOf(text(fields, "from")), addressOf(text(fields, "to"))];
  if (from === undefined) return "invalid from address";
  if (to === undefined) return "invalid to address";
  const type = kind as RelayKind;
  const wallet = walletOf(from, typeOf(type));
  const metadata = text(fields, "metadata");
  if (metadata.length > 500) return "metadata is too long";
  const base = { kind: type, from, to, wallet, data: "0x", nonce: "0", signature: "0x", deadline: "0" };
  const given = { ...base, params: {}, calls: [], metadata };
  if (type === "WALLET-CREATE")
    return to === RELAY_ADDRESSES.depositWalletFactory ? given : "invalid deposit wallet factory";
  const signature = text(fields, "signature");
  if (!isHexString(signature, 65)) return "invalid signature";
  const params = texts(fieldsOf(own(fields, "signatureParams")));
  if (type === "SAFE-CREATE")
    return to === RELAY_ADDRESSES.safeFactory ? { ...given, signature, params } : "invalid safe factory";
  const nonce = text(fields, "nonce");
  if (!/^\d{1,30}$/.test(nonce)) return "invalid nonce";
  if (type === "WALLET") {
    const wanted = fieldsOf(own(fields, "depositWalletParams"));
    if (wanted === undefined || to !== RELAY_ADDRESSES.depositWalletFactory)
      return "invalid deposit wallet params";
    const [named, deadline] = [text(wanted, "depositWallet"), text(wanted, "deadline")];
    if (named.toLowerCase() !== wallet || !/^\d{1,20}$/.test(deadline))
      return "invalid deposit wallet params";
    const listed = own(wanted, "calls");
    const calls = Array.isArray(listed) ? (listed as unknown[]).map((each) => texts(fieldsOf(each))) : [];
    const read = calls.map((call) => ({
      target: call["target"] ?? "",
      value: call["value"] ?? "",
      data: call["data"] ?? "",
    }));
    const valid = read.every(
      ({ target, value, data }) => addressOf(target) !== undefined && value === "0" && isHexString(data),
    );
    if (!valid || read.length === 0 || read.length > 50) return "invalid deposit wallet calls";
    return { ...given, signature, nonce, deadline, calls: read };
  }
  const data = text(fields, "data");
  if (!isHexString(data)) return "invalid data";
  if (text(fields, "proxyWallet").toLowerCase() !== wallet) return "invalid proxy wallet";
  if (type === "PROXY" && to !== RELAY_ADDRESSES.proxyFactory) return "invalid proxy factory";
  return Object.values(params).every((each) => /^(\d{1,30}|0x[0-9a-fA-F]{40})$/.test(each))
    ? { ...given, signature, nonce, params, data }
    : "invalid signature params";
}

function addressOf(text: string): string | undefined {
  try {
    return getAddress(text);
  } catch {
    return undefined;
  }
}

function texts(fields: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> {
  const found = Object.entries(fields ?? {}).filter((each): each is [string, string] => {
    return typeof each[1] === "string" && each[1].length <= LONGEST;
  });
  return Object.fromEntries(found);
}
