import { askSource, createWsTransport, type SourceReach } from "@matchpoint/adapters-esports";
import { matchDescription } from "@matchpoint/sdk";
import { FEED_KEYS, MATCH_SOURCES } from "../feeds/index.ts";
import type { Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { SECRETS_MS, secretsFound } from "./machine.ts";
import { fail, idle, ok, skip, warn, type Outcome } from "./finding.ts";

/** What each answer of a source means, and what to do about it. */
const JUDGED: Readonly<Record<SourceReach, (source: string, found: string) => Outcome>> = {
  ok: (source, found) => ok(`${source} answers and takes the key: ${found}`),
  unauthorized: (source, found) =>
    fail(
      `${source} refuses the key: ${found}`,
      `Correct the key, or see with ${source} what it is for; or set feeds.${source}.enabled to false.`,
    ),
  unknown_match: (source, found) =>
    warn(
      `${source} does not know the first configured match that has its reference: ${found}`,
      `Correct matches[].refs.${source}.`,
    ),
  limited: (source, found) =>
    warn(
      `${source} takes no more questions for now: ${found}`,
      "Wait, and see that nothing else uses the key.",
    ),
  failed: (source, found) =>
    fail(
      `${source} does not answer: ${found}`,
      `See that this machine reaches it, or set feeds.${source}.enabled to false.`,
    ),
};

/** The sources of match facts: each is asked one question by the key and the address that the run will use. */
export const SOURCE_CHECKS: readonly Check[] = Object.keys(MATCH_SOURCES).map((source) => ({
  id: `source-${source}`,
  title: `Source ${source}`,
  looksAt: `whether ${source} answers at the address that is configured${Object.hasOwn(FEED_KEYS, source) ? ", and takes the key" : ""}`,
  needs: ["config"],
  modes: "any",
  // A secret may have to be typed first.
  deadlineMs: SECRETS_MS + 15_000,
  run: (bench) => reached(source, bench),
}));

async function reached(source: string, bench: Bench): Promise<Outcome> {
  const { config, secrets, signal } = bench;
  const feed = config.feeds[source];
  if (feed?.enabled !== true) return idle("not enabled");
  const name = Object.hasOwn(FEED_KEYS, source) ? FEED_KEYS[source as keyof typeof FEED_KEYS] : undefined;
  // What is wrong with a key, the check of secrets says.
  if (name !== undefined) await secretsFound(bench);
  const key = name === undefined ? undefined : await secrets.find(name).catch(() => undefined);
  if (name !== undefined && key === undefined) return skip("not looked at: its key is missing, see secrets");
  const {
    http_url: http,
    gateway_url: gateway,
    socket_url: socket,
    contact,
  } = feed as Readonly<Record<string, unknown>>;
  const url = source === "polymarket_sports" ? socket : (http ?? gateway);
  const match = config.matches.map(matchDescription).find(({ refs }) => refs?.[source] !== undefined);
  const { reach, found } = await askSource(source, {
    transport: createWsTransport(),
    key: key?.reveal() ?? "",
    signal,
    ...(typeof url === "string" ? { url } : {}),
    ...(match === undefined ? {} : { match }),
    ...(typeof contact === "string" ? { contact } : {}),
  });
  const outcome = JUDGED[reach](source, found);
  return reach === "ok" && name === undefined ? ok(`${source} answers: ${found}`) : outcome;
}
