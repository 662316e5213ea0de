// The noun under which authors find the combinators of spaces: `space.cross(...)`, `space.where(...)`. Sampled designs stand under `design`.
export { concat, cross, derive, oneOf, where } from "./joined-spaces.ts";
export { conditions, zip } from "./listed-spaces.ts";
export { proposed } from "./proposed-space.ts";
