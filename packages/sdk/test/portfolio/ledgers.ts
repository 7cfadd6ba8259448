import { expect } from "vitest";
import { Ledger, type LedgerSnapshot } from "../../src/portfolio/index.ts";
import { T0, USD } from "./support.ts";

export const funded = (): Ledger => {
  const ledger = new Ledger();
  ledger.deposit(USD(1000), T0);
  return ledger;
};

export const reborn = (ledger: Ledger): Ledger => {
  const plain = ledger.snapshot();
  // As a file holds it: what is not there is absent, never undefined.
  expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
  const again = Ledger.restore(JSON.parse(JSON.stringify(plain)) as LedgerSnapshot);
  expect(again.snapshot()).toStrictEqual(plain);
  again.audit();
  return again;
};
