#!/usr/bin/env node
import { runVenue } from "./program.ts";

process.exitCode = await runVenue(process.argv.slice(2));
