/** Order, trade and chain machines, and the stores that drive them. @module */
export { ChainStore, type ChainChange, type ChainStoreSnapshot } from "./chainStore.ts";
export { machineDiagram, type Cell, type Machine } from "./machine.ts";
export type { Order, OrderChange, TradeChange } from "./order.ts";
export {
  isTerminal,
  OrderStore,
  worstCase,
  type OrderCounts,
  type OrderStoreSnapshot,
} from "./orderStore.ts";
