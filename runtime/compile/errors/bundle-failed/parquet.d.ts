declare module "*.parquet" {
  const text: string;
  export default text;
}
