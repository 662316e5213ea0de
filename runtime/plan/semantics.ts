// labwright's own version of meaning. Raise it by hand when the same author's code, parameters and seeds would give other results:
// another generator, another order of draws, another rule for what is a measurement. Every stored trial is then stale.

/** Part of every job's identity. */
export const semanticsVersion = 2;
