// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what comes off a wire is looked at as it comes
export type Wire = any;
