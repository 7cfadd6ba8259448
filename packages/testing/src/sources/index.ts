/** Fake sources of match facts: providers' protocols on real sockets, told what happens by a story. @module */
export type { FakeSource, FakeSourceOptions, SourceVisits } from "./fakeSource.ts";
export {
  isoTime,
  type SourceAnswer,
  type SourceClient,
  type SourceProtocol,
  type SourceRequest,
} from "./sourceProtocol.ts";
export { createFakeGrid, type FakeGridOptions } from "./grid/index.ts";
export { createFakeLiquipedia, type FakeLiquipediaOptions } from "./liquipedia/index.ts";
export { createFakePandascore, type FakePandascoreOptions } from "./pandascore/index.ts";
export { createFakeRiot, type FakeRiotOptions } from "./riot/index.ts";
export { createFakeSportsChannel, type FakeSportsOptions } from "./sports/index.ts";
export { createFakeSteam, type FakeSteamOptions } from "./steam/index.ts";
export { SourceServer } from "./sourceServer.ts";
export type { CancelReason, Garbling, SourceFault, StoryStep } from "./story.ts";
export { StoryWorld, type StoryGame, type StoryStatus } from "./storyWorld.ts";
