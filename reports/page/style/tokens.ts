// The colours of a page by what they mean: ink for what is decided, soft for second rank, faint for what is inconclusive, alarm for what
// failed and nothing else. Those that drawings use too come from there, so that one drawing serves light pages, dark pages and print.
import { inkDeclarations } from "../../chart/ink.ts";

export const tokens = `
:root { color-scheme: light dark; ${inkDeclarations("light")}
  --line: #d9dce0; --fill: #f0f1ef; --link: #0b5394; --shade: rgba(90, 98, 108, .35); }
@media (prefers-color-scheme: dark) { :root { ${inkDeclarations("dark")}
  --line: #363b41; --fill: #20252a; --link: #85bdf0; --shade: rgba(0, 0, 0, .6); } }
@media print { :root { color-scheme: light; ${inkDeclarations("light")} --paper: #fff; --ink: #000; --soft: #3d434a;
  --line: #bbb; --fill: #eeeeec; --link: #000; } }
`;
