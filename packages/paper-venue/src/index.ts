/** A local venue that speaks Polymarket's protocol. @module */
export {};
