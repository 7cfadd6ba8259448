/** Bytes of an SNTP packet without extensions. */
export const PACKET_BYTES = 48;
/** Seconds from 1900 (NTP's era 0) to 1970. */
const UNIX_EPOCH_S = 2_208_988_800;
const ERA_S = 4_294_967_296;
const FRACTION = 4_294_967_296;
/** Leap indicator 0, version 4, mode 3 (client). */
const CLIENT_HEAD = 0x23;
const SERVER_MODE = 4;
const UNSYNCHRONISED = 3;
const MAX_STRATUM = 15;

/**
 * A question to an NTP server (RFC 4330, version 4). The transmit timestamp is not our time but `cookie`, eight random bytes
 * that a true answer repeats: nobody learns our clock from it, and nobody who does not see the question can answer it.
 */
export function sntpRequest(cookie: Uint8Array): Uint8Array {
  const packet = new Uint8Array(PACKET_BYTES);
  packet[0] = CLIENT_HEAD;
  packet.set(cookie.subarray(0, 8), 40);
  return packet;
}

/** What an answer says, or why it is not to be believed. */
export type SntpAnswer =
  | { readonly ok: true; readonly receivedMs: number; readonly sentMs: number; readonly rootErrorMs: number }
  | { readonly ok: false; readonly problem: string };

/** Unix ms of a 64-bit NTP timestamp; its era is the one closest to `nearMs`, since the count wraps in 2036. */
export function ntpToUnixMs(view: DataView, offset: number, nearMs: number): number {
  const seconds = view.getUint32(offset) - UNIX_EPOCH_S;
  const fraction = view.getUint32(offset + 4) / FRACTION;
  const eras = Math.round((nearMs / 1000 - seconds) / ERA_S);
  return (seconds + eras * ERA_S + fraction) * 1000;
}

/** Reads an answer to a question with `cookie`. `nearMs` is our wall clock, only to tell NTP's eras apart. */
export function readSntp(packet: Uint8Array, cookie: Uint8Array, nearMs: number): SntpAnswer {
  const refuse = (problem: string): SntpAnswer => ({ ok: false, problem });
  if (packet.length < PACKET_BYTES) return refuse(`the answer has ${packet.length} bytes`);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const head = view.getUint8(0);
  if ((head & 7) !== SERVER_MODE) return refuse(`the answer is of mode ${head & 7}, not of a server`);
  for (let i = 0; i < 8; i++) {
    if (packet[24 + i] !== cookie[i]) return refuse("the answer is to another question");
  }
  const stratum = view.getUint8(1);
  if (stratum === 0) {
    const code = String.fromCharCode(...packet.subarray(12, 16)).replace(/[^A-Z]/g, "");
    return refuse(`the server asks to be left alone (${code === "" ? "kiss of death" : code})`);
  }
  if (stratum > MAX_STRATUM || head >> 6 === UNSYNCHRONISED)
    return refuse("the server's own clock is not set");
  const receivedMs = ntpToUnixMs(view, 32, nearMs);
  const sentMs = ntpToUnixMs(view, 40, nearMs);
  if (view.getUint32(40) === 0 || sentMs < receivedMs) return refuse("the server's times make no sense");
  // Root delay and dispersion are 16.16 fixed point seconds.
  const rootErrorMs = (view.getUint32(4) / 2 + view.getUint32(8)) / 65.536;
  return { ok: true, receivedMs, sentMs, rootErrorMs };
}
