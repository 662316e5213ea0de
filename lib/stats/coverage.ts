// `npm run coverage [FILE]`: simulates how often the intervals hold the truth and writes docs/coverage.md (or FILE).
// A script, not a test: it takes minutes, and its results are published rather than gated.
import { runCoverage } from "./testing/coverage-simulation.ts";

runCoverage(process.argv[2]);
