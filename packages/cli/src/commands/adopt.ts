import { fetchApiKey, createWsTransport } from "@matchpoint/adapters-polymarket";
import { listedMarkets, MatchpointError, SystemClock, id, type BotConfig } from "@matchpoint/sdk";
import { openJournal } from "@matchpoint/sdk/node";
import { readConfig } from "../configFile.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { adoptable, type Adoptable } from "../live/adoptable.ts";
import { gatewayOf } from "../live/liveGateway.ts";
import { liveSecrets, openAccount } from "../live/index.ts";
import { openAccountLog, rebuiltAccount, withHeld } from "../live/lastRun.ts";
import { confirmed } from "../live/smoke/confirm.ts";
import { venueTerms } from "../live/terms.ts";
import { makeRoom } from "../makeRoom.ts";
import { plain, plural } from "../report/format.ts";
import { defaultJournalPath, newRunId } from "../run.ts";
import { secretsOf, type Host } from "./shared.ts";

/** Options of `adopt`. */
export interface AdoptFlags {
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  /** Dollars that came in are makers' rebates. */
  readonly rebates?: boolean;
}

/**
 * `matchpoint adopt`: lists what on the account is not in its journal and, on a person's word, writes the journal that the next run goes
 * on from. Nothing is sent to the venue. Exit code 3 when `--dry-run` finds something.
 */
export async function adoptCommand(flags: AdoptFlags, host: Host, io: Io): Promise<ExitCode> {
  if (flags.config === undefined) {
    throw new MatchpointError("USAGE", "adopt needs a configuration", {
      hint: "Name one: adopt --config bot.yaml.",
    });
  }
  const config = await readConfig(flags.config, host.strategies);
  const clock = new SystemClock();
  const runId = newRunId("adopt");
  const path = journalFor(config, runId);
  const secrets = await liveSecrets(config, secretsOf(config, flags.config, host, io));
  const listed = listedMarkets(config);
  const account = await openAccount(config, secrets.privateKey, listed, clock);
  const log = openAccountLog(config, account.parties, flags.dryRun === true ? "read" : "write");
  const signal = new AbortController().signal;
  try {
    const carried = rebuiltAccount(log, clock.wall());
    // What is held in a market that is listed no more is on the account all the same.
    const known = withHeld(listed, carried);
    for (const market of known) account.admit(market);
    const { markets, lines } = await venueTerms(config, known, clock, signal);
    if (lines.length > 0)
      throw new MatchpointError("CONFIG_LIVE_REFUSED", lines[0]!.found, { hint: lines[0]!.fix });
    const { chain_id: chainId, clob_url: url } = config.execution;
    const credentials =
      secrets.api ??
      (await fetchApiKey({
        transport: createWsTransport(),
        signer: account.signer,
        chainId,
        now: clock.wall(),
        ...(url === undefined ? {} : { url }),
      }));
    const gateway = await gatewayOf({ config, markets, runId, clock }, account, credentials, () => undefined);
    try {
      await gateway.warm(signal);
      const found = await adoptable({
        config,
        markets,
        gateway,
        carried,
        account: log.account,
        runId,
        clock,
        rebates: flags.rebates === true,
      });
      const write = async (): Promise<void> => {
        await save(found, path, runId);
        log.goesOnFrom(path);
      };
      return await decide(found, { flags, io, write, path, last: log.last });
    } finally {
      gateway.close();
    }
  } finally {
    log.close();
  }
}

interface Decision {
  readonly flags: AdoptFlags;
  readonly io: Io;
  readonly write: () => Promise<void>;
  readonly path: string;
  readonly last: string | undefined;
}

async function decide({ items }: Adoptable, { flags, io, write, path, last }: Decision): Promise<ExitCode> {
  const dryRun = flags.dryRun === true;
  const json = flags.json === true;
  if (!json) {
    io.out(
      last === undefined ? "The account has no journal yet." : `The account's last journal: ${plain(last)}`,
    );
    for (const { what } of items) io.out(`  ${plain(what)}`);
    if (items.length === 0) io.out("Nothing on the account is unexplained.");
  }
  const writes = items.length > 0 && !dryRun;
  if (writes) {
    await confirmed(flags.yes === true, `Book ${plural(items.length, "item")} as the account's own?`, io);
    await write();
    if (!json) io.out(`Written to ${path}: the next run goes on from there.`);
  }
  if (json)
    io.out(
      JSON.stringify({
        dryRun,
        last: last ?? null,
        items: items.map(({ what, adoption }) => ({ what, ...adoption })),
        written: writes ? path : null,
      }),
    );
  return dryRun && items.length > 0 ? EXIT.CHECK_FAILED : EXIT.OK;
}

function journalFor(config: BotConfig, runId: string): string {
  const path = defaultJournalPath(config, runId);
  if (path !== undefined) return path;
  throw new MatchpointError("CONFIG_LIVE_REFUSED", "the configuration keeps no journal", {
    hint: "Set journal.enabled true: what is adopted is written there.",
  });
}

async function save({ journal }: Adoptable, path: string, runId: string): Promise<void> {
  makeRoom(path, undefined);
  const file = openJournal(path, { runId: id(runId), bootId: runId });
  try {
    for (const [event, hash] of journal) file.append(event, hash);
    await file.sync();
  } finally {
    await file.close();
  }
}
