import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningVenue } from "@matchpoint/paper-venue";

/** The first account of every local test chain: a key that everybody knows. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** What a test's configuration says besides; YAML. */
export interface LiveConfig {
  /** More keys of `execution`, indented by two. */
  readonly execution?: string;
  /** More markets. */
  readonly market?: string;
  readonly strategies?: string;
  /** More keys of `risk`, each after a comma. */
  readonly risk?: string;
  /** More keys of the market feed. */
  readonly feed?: string;
  /** More sections. */
  readonly more?: string;
}

const MAKER = `{ use: model-maker, params: { reference: microprice, size_shares: 20, min_rest_ms: 200 } }`;

/** The market that live tests trade. */
export function tradedMarket(venue: RunningVenue): RunningVenue["markets"][number] {
  return venue.markets.find(({ question }) => question.includes("FaZe vs Spirit"))!;
}

/** Writes a configuration for live trading of one market of a venue; returns its path. */
export function liveConfig(venue: RunningVenue, folder: string, name: string, over: LiveConfig = {}): string {
  const market = tradedMarket(venue);
  const [first, second] = market.tokens;
  const outcome = (token: typeof first): string =>
    `{ token: "${token!.tokenId}", name: "${token!.outcome}" }`;
  const path = join(folder, name);
  writeFileSync(
    path,
    `
mode: live
# Tests share their machine: that it is slow is none of their findings.
risk: { max_loop_stall_ms: 0${over.risk ?? ""} }
strategies: [${over.strategies ?? MAKER}]
markets:
  - id: "${market.conditionId}"
    title: "${market.question}"
    outcomes: [${outcome(first)}, ${outcome(second)}]
    fee: { rate: 0.05 }
    taker_delay_ms: 1000
    clear_book_on_start: true
${over.market ?? ""}
feeds:
  polymarket: { socket_url: "${venue.wsMarket}", rest_url: "${venue.clob}", gamma_url: "${venue.gamma}"${over.feed ?? ""} }
execution:
  signature_type: 0
  clob_url: "${venue.clob}"
  user_url: "${venue.wsUser}"
  reconcile_s: 5
${over.execution ?? ""}
${over.more ?? ""}
`,
  );
  return path;
}

const KEYSTORES = join(import.meta.dirname, "../../packages/cli/test/secrets/keystores.json");

/** Sections that take {@link KEY} from a keystore in a folder, and its passphrase from a file. */
export function keystoreSections(folder: string): string {
  const [keystore, passphrase] = ["bot.json", "passphrase"].map((name) => join(folder, name));
  const { scrypt } = JSON.parse(readFileSync(KEYSTORES, "utf8")) as { readonly scrypt: object };
  writeFileSync(keystore!, JSON.stringify(scrypt), { mode: 0o600 });
  writeFileSync(passphrase!, "canary pässphrase\n", { mode: 0o600 });
  return `secrets: { private_key: "keystore:${keystore!}", keystore_passphrase: "file:${passphrase!}" }`;
}
