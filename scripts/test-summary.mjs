// Prints the counts of a vitest JSON report as the closing line of a run. Fails when there is nothing to count.
// The third argument is the run's exit status: a failure that is no test's is said too.
import { readFileSync } from "node:fs";

const [file, seconds, status = "0"] = process.argv.slice(2);
const report = JSON.parse(readFileSync(file, "utf8"));
// A file that cannot be loaded has no tests to fail, but is a failure.
const broken = report.testResults.filter(
  (one) => one.status === "failed" && one.assertionResults.length === 0,
).length;
const failed = report.numFailedTests + broken;
const skipped = report.numPendingTests + (report.numTodoTests ?? 0);

console.log(`\nAll of it took ${seconds} s.`);
if (failed === 0 && status !== "0") console.log("FAILED, and not in a test: see above.");
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
if (report.numPassedTests === 0 || failed > 0) process.exit(1);
