// The part of jstat (CommonJS, without types) that is used here; the rest is left out on purpose (design: tails).
declare module "jstat" {
  interface JStat {
    readonly studentt: { inv(p: number, df: number): number };
    readonly chisquare: { inv(p: number, df: number): number };
    readonly beta: { inv(p: number, a: number, b: number): number };
    rank(values: readonly number[]): number[];
  }
  const jstat: { readonly jStat: JStat };
  export default jstat;
}
