// What can be wrong with a selection typed on the command line, as data; the command line words it.

export type Problem =
  | { readonly kind: "experiment"; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: "parameter"; readonly name: string; readonly known: readonly string[] }
  | {
      readonly kind: "level";
      readonly name: string;
      readonly level: unknown;
      readonly known: readonly unknown[];
    };
