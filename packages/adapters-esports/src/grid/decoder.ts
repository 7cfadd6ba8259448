import {
  id,
  NANOS_PER_MS,
  type CoreEvent,
  type FrameDecoder,
  type MatchId,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
} from "@matchpoint/sdk";
import type { RetractionHint } from "../common/claims.ts";
import { countUnknown } from "../common/fields.ts";
import { createJsonDecoder, isJson, quarantined, refusal, Tally } from "../common/frame.ts";
import { malformed } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, type FollowedMatch } from "../common/teams.ts";
import type { GridDecoder, GridDecoderOptions, GridGap, GridStats, GridStatus } from "./decoderApi.ts";
import { isKnownKind } from "./eventTypes.ts";
import { GRID_FIELDS } from "./fields.ts";
import { GridSeries, isWhole } from "./series.ts";
import { readState } from "./state.ts";
import { readEnvelope, readTransaction, type GridTransaction } from "./transaction.ts";

interface Track {
  readonly followed: FollowedMatch;
  readonly series: GridSeries;
  readonly speaker: Speaker;
  sequence: number;
  /** Later transactions that wait for a missing one; `undefined` for one that could not be read. */
  readonly held: Map<number, GridTransaction | undefined>;
  gapped: boolean;
  gapSince: Nanos;
  /** Whether the gap has been told. */
  reported: boolean;
  needsState: boolean;
  fresh: boolean;
}

/** A gap is told when so many transactions have come after it: one that was merely overtaken is there by then. */
const REPORT_AT = 2;
/** How long a gap lasts before a full state may stand for what is missing: swapped frames mend themselves. */
const GRACE_MS = 2_000;
/** How many transactions wait for a missing one before it is given up. */
const HOLD_LIMIT = 256;
/** A series has some thousands of transactions: a jump beyond this is no gap but nonsense. */
const MAX_JUMP = 100_000;

/**
 * Turns transactions of GRID Series Events into match claims, with the running state of every followed series, so that
 * scores are absolute although the feed sends increments.
 *
 * The sequence number is strict: duplicates lead to nothing, and transactions after a gap wait for the missing ones (up
 * to 256; a full series state closes the gap too). A frame that cannot be read leads to one `frame_quarantined`.
 */
export function createGridDecoder(options: GridDecoderOptions): GridDecoder {
  return new Decoder(options);
}

class Decoder implements GridDecoder {
  readonly stats: GridStats = {
    transactions: 0,
    duplicates: 0,
    gaps: 0,
    foreign: 0,
    quarantined: 0,
    unknownEvents: new Tally(),
    unknownFields: new Tally(),
  };
  readonly #tracks = new Map<string, Track>();
  readonly #source: SourceId;
  readonly #freshWithinMs: number;
  readonly #onGap: ((gap: GridGap) => void) | undefined;

  readonly #json: FrameDecoder;

  constructor(options: GridDecoderOptions) {
    this.#source = id(options.source ?? "grid");
    const refused = (): void => {
      this.stats.quarantined += 1;
    };
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#receive(json, stamp, push),
      refused,
    );
    this.#freshWithinMs = options.freshWithinMs ?? 30_000;
    this.#onGap = options.onGap;
    for (const [ref, followed] of matchesByRef(options.matches, this.#source)) {
      this.#tracks.set(ref, {
        followed,
        series: new GridSeries(followed, this.#source),
        speaker: new Speaker({
          followed,
          source: this.#source,
          tier: options.tier ?? "A",
          upstream: options.upstream ?? "grid",
          keepAliveMs: options.keepAliveMs ?? 10_000,
        }),
        sequence: 0,
        held: new Map(),
        gapped: false,
        gapSince: 0 as Nanos,
        reported: false,
        needsState: false,
        fresh: false,
      });
    }
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  status(matchId: MatchId): GridStatus | undefined {
    for (const track of this.#tracks.values()) {
      if (track.followed.match.matchId !== matchId) continue;
      const { sequence, gapped, needsState, fresh, series } = track;
      return {
        sequence,
        gapped,
        needsState,
        fresh,
        valid: series.valid,
        playing: series.playing,
        over: series.over,
      };
    }
    return undefined;
  }

  adopt(
    body: Uint8Array,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): "adopted" | "stale" | "absent" | "refused" {
    const answer = readState(body, 0, body.length, stamp);
    if (answer.kind === "refused") {
      if (answer.errorType === undefined) {
        this.stats.quarantined += 1;
        emit(quarantined(this.#source, answer.reason, body, 0, body.length, stamp));
      }
      return "refused";
    }
    const track = answer.kind === "state" ? this.#tracks.get(answer.seriesId) : undefined;
    if (track === undefined || answer.kind !== "state") return "absent";
    const view = track.series.adopt(answer.state, stamp.receivedAt);
    const { misnamed } = track.followed;
    if (misnamed !== undefined) {
      this.stats.quarantined += 1;
      emit(quarantined(this.#source, misnamed, body, 0, body.length, stamp));
    }
    if (view === undefined) return "stale";
    // How old the facts of a snapshot are cannot be told: they are no news.
    const from = { ref: `state-${answer.state.updatedAt ?? stamp.receivedAt}`, fresh: false };
    track.speaker.speak(view, "correction", from, stamp, emit);
    track.needsState = false;
    this.#release(track, stamp, emit);
    this.#closeGap(track, "a series state replaced what was missing", stamp, emit);
    return "adopted";
  }

  /** Returns why the frame was refused, if it was. */
  #receive(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    if (!isJson(json)) throw malformed("frame", "an object");
    const { seriesId, sequence } = readEnvelope(json);
    const track = this.#tracks.get(seriesId);
    let transaction: GridTransaction | undefined;
    let problem: string | undefined;
    try {
      transaction = readTransaction(json, stamp.receivedAt);
    } catch (error) {
      problem = refusal(error);
    }
    if (track === undefined) {
      this.stats.foreign += 1;
      return problem;
    }
    if (sequence <= track.sequence) {
      this.stats.duplicates += 1;
      return problem;
    }
    if (sequence - track.sequence > MAX_JUMP) {
      return `sequenceNumber ${sequence} is too far from the last one, ${track.sequence}`;
    }
    countUnknown(json, GRID_FIELDS, this.stats.unknownFields);
    if (sequence > track.sequence + 1) {
      this.#hold(track, sequence, transaction, stamp, emit);
      return problem;
    }
    const stranger = this.#take(track, sequence, transaction, stamp, emit);
    this.#contiguous(track, stamp, emit);
    if (track.held.size === 0) this.#closeGap(track, `complete up to ${track.sequence}`, stamp, emit);
    return problem ?? stranger;
  }

  #hold(
    track: Track,
    sequence: number,
    transaction: GridTransaction | undefined,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const expected = track.sequence + 1;
    track.held.set(sequence, transaction);
    if (!track.gapped) {
      track.gapped = true;
      track.gapSince = stamp.at;
      this.stats.gaps += 1;
    }
    if (!track.reported && track.held.size >= REPORT_AT) {
      const { matchId } = track.followed.match;
      const received = Math.min(...track.held.keys());
      track.reported = true;
      this.#health(track, "invalid", `gap: expected ${expected}, received ${received}`, stamp, emit);
      this.#onGap?.({ matchId, expected, received });
    }
    if (stamp.at - track.gapSince >= GRACE_MS * NANOS_PER_MS) this.#jump(track, stamp, emit);
    if (track.held.size < HOLD_LIMIT) return;
    // It does not come any more. What was missed may have changed every count.
    track.series.forgetCounts();
    track.needsState = true;
    this.#release(track, stamp, emit);
  }

  /** Goes on from the first waiting transaction that carries the whole state: it says what was missed. */
  #jump(track: Track, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): void {
    const waiting = [...track.held].sort(([a], [b]) => a - b);
    const whole = waiting.find(([, transaction]) => transaction?.events.some(hasWhole) === true);
    if (whole === undefined) return;
    for (const [sequence] of waiting) if (sequence < whole[0]) track.held.delete(sequence);
    track.sequence = whole[0] - 1;
    this.#contiguous(track, stamp, emit);
    if (track.held.size === 0)
      this.#closeGap(track, `a full state of ${whole[0]} says what was missed`, stamp, emit);
  }

  /** Takes the held transactions that follow on the last one. */
  #contiguous(track: Track, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): void {
    for (;;) {
      const next = track.sequence + 1;
      if (!track.held.has(next)) return;
      const transaction = track.held.get(next);
      track.held.delete(next);
      this.#take(track, next, transaction, stamp, emit);
    }
  }

  /** Takes all held transactions, with whatever is missing between them. */
  #release(track: Track, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): void {
    for (const sequence of [...track.held.keys()].sort((a, b) => a - b)) {
      const transaction = track.held.get(sequence);
      track.held.delete(sequence);
      if (sequence > track.sequence) this.#take(track, sequence, transaction, stamp, emit);
    }
  }

  /** Returns what is wrong with the transaction's contents, if anything is. */
  #take(
    track: Track,
    sequence: number,
    transaction: GridTransaction | undefined,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): string | undefined {
    track.sequence = sequence;
    if (transaction === undefined) {
      track.series.forgetCounts();
      track.needsState = true;
      return undefined;
    }
    this.stats.transactions += 1;
    const stranger = track.series.apply(transaction);
    if (track.series.complete) track.needsState = false;
    let hint: RetractionHint = "correction";
    for (const event of transaction.events) {
      if (event.inverse) hint = "rollback";
      if (!isKnownKind(event.kind)) this.stats.unknownEvents.add(event.type);
    }
    const { occurredAt, publishedAt } = transaction;
    track.fresh = occurredAt !== undefined && stamp.receivedAt - occurredAt <= this.#freshWithinMs;
    const from = { ref: String(sequence), fresh: track.fresh, occurredAt, publishedAt };
    const alive = track.fresh && !track.gapped && track.series.playing;
    track.speaker.speak(track.series.view(), hint, from, stamp, emit, alive);
    const { match, misnamed } = track.followed;
    if (misnamed !== undefined || stranger === undefined) return misnamed;
    return `team ${JSON.stringify(stranger)} is neither team of match ${match.matchId}: check its refs.${this.#source}.teams`;
  }

  #closeGap(track: Track, reason: string, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): void {
    if (!track.gapped || track.needsState) return;
    track.gapped = false;
    if (!track.reported) return;
    track.reported = false;
    this.#health(track, track.fresh ? "live" : "replaying", reason, stamp, emit);
  }

  #health(
    track: Track,
    health: "invalid" | "live" | "replaying",
    reason: string,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const { matchId } = track.followed.match;
    const { at, receivedAt } = stamp;
    emit({ type: "source_health", at, receivedAt, source: this.#source, matchId, health, reason });
  }
}

function hasWhole(event: GridTransaction["events"][number]): boolean {
  return event.series !== undefined && isWhole(event.series);
}
