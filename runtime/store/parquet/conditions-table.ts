// The conditions of an experiment as a table of DuckDB, one row each, to be joined to trials: values are written once a condition.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnType } from "./column-type.ts";
import { sqlTypes, textOfValue, typeOfValue, widerType } from "./column-type.ts";
import { quotedName } from "./duck.ts";

type Condition = Readonly<Record<string, unknown>>;

/** Makes the table `conditions`: `lab_condition`, the parts of ids (see idParts), and the parameters under `names`, which go with `parameters` one by one. */
export async function createConditionsTable(
  connection: DuckDBConnection,
  of: {
    readonly conditions: readonly Condition[];
    readonly idParts: readonly { readonly before: string; readonly after: string }[];
    readonly parameters: readonly string[];
    readonly names: readonly string[];
  },
): Promise<void> {
  const columns = of.parameters.map((parameter, index) => ({
    parameter,
    name: of.names[index]!,
    type: typeOfParameter(of.conditions, parameter),
  }));
  const declared = columns.map(({ name, type }) => `${quotedName(name)} ${sqlTypes[type]}`);
  await connection.run(
    `CREATE TABLE conditions (${["lab_condition UINTEGER", "lab_before VARCHAR", "lab_after VARCHAR", ...declared].join(", ")})`,
  );
  const appender = await connection.createAppender("conditions");
  for (const [index, condition] of of.conditions.entries()) {
    appender.appendUInteger(index);
    appender.appendVarchar(of.idParts[index]!.before);
    appender.appendVarchar(of.idParts[index]!.after);
    for (const { parameter, type } of columns) {
      const value = Object.hasOwn(condition, parameter) ? condition[parameter] : undefined;
      if (value === undefined || value === null) appender.appendNull();
      else if (type === "integer") appender.appendBigInt(BigInt(Number(value)));
      else if (type === "number") appender.appendDouble(Number(value));
      else if (type === "boolean") appender.appendBoolean(value === true);
      else appender.appendVarchar(textOfValue(value, type) ?? "");
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** Narrowest over all conditions; a parameter that is null everywhere is text. */
function typeOfParameter(conditions: readonly Condition[], parameter: string): ColumnType {
  let type: ColumnType | null = null;
  for (const condition of conditions) {
    type = widerType(
      type,
      typeOfValue(Object.hasOwn(condition, parameter) ? condition[parameter] : undefined),
    );
    if (type === "json") break;
  }
  return type ?? "text";
}
