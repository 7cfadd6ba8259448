/** Order, trade and chain machines as tables, and the stores that drive them. @module */
export { CHAIN_MACHINE } from "./chainMachine.ts";
export { ChainStore, type ChainChange, type ChainStoreSnapshot } from "./chainStore.ts";
export { illegal, impossible, machineDiagram, move, stay, type Cell, type Machine } from "./machine.ts";
export { DUST, isTerminal, worstCase, type Order, type OrderChange, type TradeChange } from "./order.ts";
export type { OrderCounts } from "./orderCounts.ts";
export { ORDER_EVENTS, ORDER_MACHINE, type OrderMachineEvent } from "./orderMachine.ts";
export type { OrderSnapshot, OrderStoreSnapshot, TradeSnapshot } from "./orderSnapshot.ts";
export { OrderStore, type OrderStoreOptions } from "./orderStore.ts";
export { TRADE_MACHINE, type TradeState } from "./tradeMachine.ts";
