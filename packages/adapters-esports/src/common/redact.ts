const SECRET_PARAMETER = /([?&](?:key|token|api_?key|access_token)=)[^&\s"'<>]*/gi;

/** Removes what authorises from text that may end up in a log: secret URL parameters, and the secret itself wherever it stands. */
export function redact(text: string, secret?: string): string {
  let clean = text.replace(SECRET_PARAMETER, "$1<redacted>");
  if (secret !== undefined && secret !== "") {
    clean = clean.replaceAll(secret, "<redacted>").replaceAll(encodeURIComponent(secret), "<redacted>");
  }
  return clean;
}

/** The text of an error without secrets. */
export function redactedMessage(error: unknown, secret?: string): string {
  return redact(error instanceof Error ? error.message : String(error), secret);
}
