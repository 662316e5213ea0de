// The style sheet of a page, in the order in which later rules override earlier ones. Nothing is fetched: fonts are those of the reader's
// machine, chosen so that every one of them has the same widths as the drawings were measured with.
import { layout } from "./layout.ts";
import { marks } from "./marks.ts";
import { narrow } from "./narrow.ts";
import { print } from "./print.ts";
import { tables } from "./tables.ts";
import { tokens } from "./tokens.ts";

export const style = [tokens, layout, tables, marks, narrow, print].join("");
