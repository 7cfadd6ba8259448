/** What an address has to be, in words. */
export const MOST_URL = "https:// with a host and nothing secret in it; http:// only to this machine";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a text is an address that may stand in a configuration and that secrets may be sent to. */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text) || /[\s#?]/.test(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
