import { createHmac, timingSafeEqual } from "node:crypto";
import { getAddress } from "ethers";

/** A builder's key that the local relayer takes, for rehearsals: it is known to everybody. */
export const REHEARSAL_BUILDER = Object.freeze({
  key: "00000000-0000-4000-8000-00000000b111",
  secret: "cmVoZWFyc2FsLXJlaGVhcnNhbC1yZWhlYXJzYWwtMDE=",
  passphrase: "rehearsal",
});

/** How far a builder's clock may be off, in ms. */
const WINDOW_MS = 300_000;

/** Who asks: an address for relayer keys, anybody for a builder. */
export type RelayCaller =
  { readonly kind: "address"; readonly address: string } | { readonly kind: "builder" };

/**
 * Who may ask the relayer. Production gives out keys on polymarket.com; here an address' first key is its key from then on.
 */
export class RelayerKeys {
  readonly #keys = new Map<string, string>();

  caller(
    headers: Readonly<Record<string, string>>,
    request: { readonly method: string; readonly path: string; readonly body: string },
    now: number,
  ): RelayCaller | undefined {
    const key = headers["relayer_api_key"];
    if (key !== undefined) return this.#owner(key, headers["relayer_api_key_address"]);
    const { method, path, body } = request;
    const timestamp = headers["poly_builder_timestamp"] ?? "";
    if (
      headers["poly_builder_api_key"] !== REHEARSAL_BUILDER.key ||
      headers["poly_builder_passphrase"] !== REHEARSAL_BUILDER.passphrase ||
      !/^\d{10}$/.test(timestamp) ||
      Math.abs(Number(timestamp) * 1_000 - now) > WINDOW_MS
    )
      return undefined;
    const secret = Buffer.from(REHEARSAL_BUILDER.secret, "base64");
    const mac = createHmac("sha256", secret).update(timestamp + method + path + body);
    const wanted = Buffer.from(`${mac.digest("base64url")}=`);
    const shown = Buffer.from(headers["poly_builder_signature"] ?? "");
    return shown.length === wanted.length && timingSafeEqual(shown, wanted) ? { kind: "builder" } : undefined;
  }

  #owner(key: string, of: string | undefined): RelayCaller | undefined {
    let address: string;
    try {
      address = getAddress(of ?? "");
    } catch {
      return undefined;
    }
    const known = this.#keys.get(address) ?? key;
    if (known !== key || key === "") return undefined;
    this.#keys.set(address, key);
    return { kind: "address", address };
  }
}
