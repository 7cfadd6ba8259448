import {
  id,
  NANOS_PER_MS,
  type CoreEvent,
  type FrameDecoder,
  type MatchRef,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import { parseFrame, quarantined, refusal } from "../common/frame.ts";
import { believable, needObject, needText, readArray, readObject, readText } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, type FollowedMatch } from "../common/teams.ts";
import { readSeries, type SeriesPatch } from "./patch.ts";
import { GridSeries } from "./series.ts";

/** The GraphQL query for the part of a series state that claims are made of. */
export function gridStateQuery(seriesId: string): string {
  return `{ seriesState(id: ${JSON.stringify(seriesId)}) {
    id valid updatedAt started finished teams { id name score won }
    games { id sequenceNumber started finished paused clock { currentSeconds ticksBackwards }
      teams { id side score won kills netWorth loadoutValue objectives { type completionCount } }
      segments { id type sequenceNumber started } } } }`;
}

/** What an answer of the series-state endpoint says. */
export type GridStateAnswer =
  | { readonly kind: "state"; readonly seriesId: string; readonly state: SeriesPatch }
  /** The series has no state yet. */
  | { readonly kind: "absent" }
  /** `errorType` as GRID gives it (`UNAUTHENTICATED`, `PERMISSION_DENIED`, `NOT_FOUND`); absent: the answer cannot be read. */
  | { readonly kind: "refused"; readonly reason: string; readonly errorType?: string };

/** Reads an answer of the series-state endpoint. Never throws. */
export function readState(
  body: Uint8Array,
  start: number,
  end: number,
  { receivedAt }: ReceiveStamp,
): GridStateAnswer {
  try {
    const json = needObject(parseFrame(body, start, end), "answer");
    const errors = readArray(json["errors"], "errors");
    if (errors !== undefined && errors.length > 0) {
      const first = needObject(errors[0], "error");
      const extensions = readObject(first["extensions"], "error.extensions");
      const errorType = readText(extensions?.["errorType"], "error.extensions.errorType") ?? "UNKNOWN";
      return { kind: "refused", errorType, reason: readText(first["message"], "error.message") ?? errorType };
    }
    const state = readObject(readObject(json["data"], "data")?.["seriesState"], "seriesState");
    if (state === undefined) return { kind: "absent" };
    const series = readSeries(state);
    return {
      kind: "state",
      seriesId: needText(state["id"], "seriesState.id"),
      state: { ...series, updatedAt: believable(series.updatedAt, receivedAt) },
    };
  } catch (error) {
    return { kind: "refused", reason: refusal(error) };
  }
}

/** Options of {@link createGridStateDecoder}. */
export interface GridStateDecoderOptions {
  /** Matches to follow: those with a `refs.grid`. */
  readonly matches: readonly MatchRef[];
  /** Default `grid`. */
  readonly source?: string;
  /** Default `A`. */
  readonly tier?: Tier;
  /** Default `grid`. */
  readonly upstream?: string;
  /** A change between two polls further apart than this is history, not news. Default 30,000. */
  readonly freshWithinMs?: number;
  /** Default 10,000. */
  readonly keepAliveMs?: number;
}

interface Track {
  readonly followed: FollowedMatch;
  readonly speaker: Speaker;
  polledAt: Nanos | undefined;
  updatedAt: number;
}

/**
 * Turns polled answers of the series-state endpoint into claims: a slower second look, or a source where Series Events are
 * not licensed. A series is won only when its state is `finished`, `valid` and names exactly one winner: states that
 * are finished but not valid are real.
 */
export function createGridStateDecoder(options: GridStateDecoderOptions): FrameDecoder {
  const source: SourceId = id(options.source ?? "grid");
  const freshWithin = (options.freshWithinMs ?? 30_000) * NANOS_PER_MS;
  const tracks = new Map<string, Track>();
  for (const [ref, followed] of matchesByRef(options.matches, source)) {
    const speaker = new Speaker({
      followed,
      source,
      tier: options.tier ?? "A",
      upstream: options.upstream ?? "grid",
      keepAliveMs: options.keepAliveMs ?? 10_000,
    });
    tracks.set(ref, { followed, speaker, polledAt: undefined, updatedAt: 0 });
  }

  const decode = (
    frame: Uint8Array,
    start: number,
    end: number,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void => {
    const answer = readState(frame, start, end, stamp);
    if (answer.kind === "absent") return;
    if (answer.kind === "refused") {
      const why = answer.errorType === undefined ? answer.reason : `${answer.errorType}: ${answer.reason}`;
      emit(quarantined(source, why, frame, start, end, stamp));
      return;
    }
    const track = tracks.get(answer.seriesId);
    if (track === undefined) return;
    const fresh = track.polledAt !== undefined && stamp.at - track.polledAt <= freshWithin;
    track.polledAt = stamp.at;
    const { updatedAt } = answer.state;
    if (updatedAt !== undefined && updatedAt < track.updatedAt) return; // an older cache answered
    track.updatedAt = updatedAt ?? track.updatedAt;
    const series = new GridSeries(track.followed, source);
    const view = series.adopt(answer.state, stamp.receivedAt)!;
    const winner = view.ended ? view.winner : undefined;
    const from = { ref: `state-${updatedAt ?? stamp.receivedAt}`, fresh, occurredAt: updatedAt };
    track.speaker.speak({ ...view, winner }, "correction", from, stamp, emit, series.playing);
    const { misnamed } = track.followed;
    if (misnamed !== undefined) emit(quarantined(source, misnamed, frame, start, end, stamp));
  };
  return { decode };
}
