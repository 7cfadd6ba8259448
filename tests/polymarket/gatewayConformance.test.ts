/** All cases of the official gateway, in real time: `MATCHPOINT_OFFICIAL=1 npx vitest run tests/polymarket/gatewayConformance.test.ts` */
import { testExecution } from "../execution/cases.ts";
import { directSubject, officialSubject } from "./gatewayStage.ts";

testExecution(directSubject);

const all = process.env["MATCHPOINT_OFFICIAL"] !== undefined;
testExecution(officialSubject, all ? /./ : /^(E0[3-8]|E13|E15|E20|E23|E40|E43|F04|F06|F22) /);
