/**
 * Makes plain data unchangeable, all the way down and in place: what strategies are shown is what the core itself goes by, and what the
 * journal writes down after their hooks.
 */
export function sealed<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return value;
  Object.freeze(value);
  for (const key of Object.keys(value)) {
    // Getters are not read: they show something new each time.
    const inner: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    sealed(inner);
  }
  return value;
}
