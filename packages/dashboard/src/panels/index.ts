/** The panels that are made of tables and words. @module */
export { Attribution } from "./attribution.tsx";
export { Calibration } from "./calibration.tsx";
export { Equity } from "./equity.tsx";
export { Header, Notices } from "./header.tsx";
export { HelpDialog } from "./helpDialog.tsx";
export { Log } from "./log.tsx";
export { Markets } from "./markets.tsx";
export { Positions } from "./positions.tsx";
export { pressPlay, Scrubber, type StepTo } from "./scrubber.tsx";
export { Search } from "./search.tsx";
export { Latency, Sources } from "./speed.tsx";
export { StopDialog, type StopAsk } from "./stopDialog.tsx";
export { WhyNot } from "./whyNot.tsx";
