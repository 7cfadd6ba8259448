/** What a client signs its requests with: it may stand in no journal, alarm or message. */
export const SECRET = "0x-never-to-be-seen-5f1c9a7e3b";

/**
 * What goes wrong on purpose, for those who catch it: never an error of the program under test. It carries its request with all headers, as
 * errors of network libraries do.
 */
export class TortureError extends Error {
  override readonly name = "TortureError";
  readonly request = { headers: { POLY_SIGNATURE: SECRET } };
}
