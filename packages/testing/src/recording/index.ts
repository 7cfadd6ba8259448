/** Simulated matches as recordings. @module */
export { recordingHeader, writeRecording } from "./writeRecording.ts";
