import { testExecution } from "../execution/cases.ts";
import { directSubject } from "./gatewayStage.ts";

testExecution(directSubject);
