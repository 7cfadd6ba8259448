import { testExecution } from "./cases.ts";
import { paperSubject } from "./paper.ts";

testExecution(paperSubject);
