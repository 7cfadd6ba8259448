/** Queues between the outside and the core: one order, stated limits, nothing lost in silence. @module */
export { Bus, type BusOptions, type BusPressure, type TopicPressure } from "./bus.ts";
export { Mailbox } from "./mailbox.ts";
export { type Offered, type StopCause } from "./marketQueue.ts";
export { EVENT_TOPIC, TOPICS, type Overflow, type Topic, type TopicPolicy } from "./topics.ts";
