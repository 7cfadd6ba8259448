export { measureNtpOffset, type NtpOptions } from "./measure.ts";
