import type { MatchpointError } from "@matchpoint/sdk";

/** An error's message without the place and the advice that are told beside it. */
export function bareMessage({ message, where, hint }: MatchpointError): string {
  const start = where !== undefined && message.startsWith(`${where}: `) ? where.length + 2 : 0;
  const end = hint !== undefined && message.endsWith(`\n  ${hint}`) ? hint.length + 3 : 0;
  return message.slice(start, message.length - end);
}
