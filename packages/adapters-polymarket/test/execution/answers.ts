import { id, type HttpResponse, type OrderId } from "@matchpoint/sdk";

export const ORDER = id<OrderId>(`0x${"12".repeat(32)}`);
export const SECOND = id<OrderId>(`0x${"34".repeat(32)}`);

/** An answer with a body of JSON, or of text when it is a text. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** The answer to an order that was taken. */
export function taken(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    success: true,
    errorMsg: "",
    orderID: ORDER,
    status: "live",
    makingAmount: "",
    takingAmount: "",
    tradeIDs: [],
    ...changes,
  };
}
