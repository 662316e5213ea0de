// The schema of an orchestrator as plain data: messages with their fields by whole name, enumerations, methods. Read once at the build from
// a .proto file with all that it imports, and kept in the plan as text.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type {
  AnyDefinition,
  MessageTypeDefinition,
  PackageDefinition,
  ServiceDefinition,
} from "@grpc/proto-loader";
import { makeScratch } from "../scratch-folder.ts";

export type ScalarType =
  | "double"
  | "float"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string"
  | "bytes";

export interface Field {
  readonly name: string;
  readonly type:
    | { readonly kind: "scalar"; readonly scalar: ScalarType }
    | { readonly kind: "enum"; readonly values: readonly string[] }
    /** By whole name. */
    | { readonly kind: "message"; readonly message: string };
  readonly isList: boolean;
  /** Values by text key: a map. */
  readonly isMap: boolean;
}

/** Whole name and fields. */
export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Method {
  readonly input: Message;
  readonly output: Message;
  readonly streams: { readonly requests: boolean; readonly answers: boolean };
}

export interface Schema {
  readonly messages: ReadonlyMap<string, Message>;
  /** Methods by name, by whole name of their service. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Method>>;
}

/** The schema as text, whole: what a run needs of it, wherever it runs. */
export interface SchemaText {
  /** The named file first, then those that it imports, as they are first met; those of Google are known anyway. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

export interface ReadSchema extends SchemaText {
  readonly schema: Schema;
  /** SHA-256 of the files' bytes one after the other: what an orchestrator says that its own has. */
  readonly sha256: string;
  /** Of what the schema says, whatever its comments. */
  readonly meaning: string;
  /** Absolute paths of the files. */
  readonly paths: readonly string[];
}

/** How values are read from the wire: names as they are written, numbers as numbers, what is not sent as its default. */
const wire = {
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
  arrays: true,
  objects: true,
} as const;

/** Reads a .proto file; imports are looked for in its folder and in `root`. Throws, in words, where it cannot be read. */
export async function readSchema(file: string, root: string): Promise<ReadSchema> {
  const found = filesOf(file, [path.dirname(file), root]);
  const files = [...found].map(([name, at]) => ({ name, text: readFileSync(at, "utf8") }));
  const definitions = await definitionsOf({ files });
  return {
    files,
    schema: schemaOf(definitions),
    sha256: files.reduce((hash, { text }) => hash.update(text), createHash("sha256")).digest("hex"),
    meaning: meaningOf(definitions),
    paths: [...found.values()],
  };
}

/** The definitions that the wire needs. The parser reads files, so that the texts stand in a folder of their own meanwhile. Throws, in words. */
export async function definitionsOf({ files }: SchemaText): Promise<PackageDefinition> {
  const { loadSync } = await import("@grpc/proto-loader");
  const folder = makeScratch("labwright-schema");
  try {
    for (const { name, text } of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return loadSync(files[0]?.name ?? "", { ...wire, includeDirs: [folder] });
  } catch (error) {
    // The parser runs over the end of a text that ends too early.
    if (error instanceof TypeError)
      throw new Error(
        `${files[0]?.name ?? "the schema"} ends in the middle of a message, a service or an enumeration`,
      );
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(words.replaceAll(`${folder}${path.sep}`, ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The schema of such definitions. */
export function schemaOf(definitions: PackageDefinition): Schema {
  const messages = new Map<string, Message>();
  const enums = new Map<string, readonly string[]>();
  const raw = new Map<string, RawMessage>();
  for (const [name, definition] of Object.entries(definitions)) gather(name, definition, { raw, enums });
  const resolved = (from: string, typeName: string): string => {
    if (typeName.startsWith(".")) return typeName.slice(1);
    for (let scope = from; ; scope = scope.slice(0, scope.lastIndexOf("."))) {
      const candidate = scope === "" ? typeName : `${scope}.${typeName}`;
      if (raw.has(candidate) || enums.has(candidate) || scope === "") return candidate;
      if (!scope.includes(".")) scope = ".";
    }
  };
  for (const [name, { field }] of raw) {
    const fields = field.map((one) => fieldOf(one, (typeName) => resolved(name, typeName), { raw, enums }));
    messages.set(name, { name, fields });
  }
  const services = Object.entries(definitions).flatMap(([name, definition]) =>
    isService(definition)
      ? [[name, methodsOf(definition, { package: packageOf(name), messages })] as const]
      : [],
  );
  return { messages, services: new Map(services) };
}

interface RawField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

interface RawMessage {
  readonly name: string;
  readonly field: readonly RawField[];
  readonly nestedType: readonly RawMessage[];
  readonly enumType: readonly RawEnum[];
  readonly options?: { readonly mapEntry?: boolean } | null;
}

interface RawEnum {
  readonly name: string;
  readonly value: readonly { readonly name: string }[];
}

interface Gathered {
  readonly raw: Map<string, RawMessage>;
  readonly enums: Map<string, readonly string[]>;
}

function gather(name: string, definition: AnyDefinition, into: Gathered): void {
  if (!("format" in definition) || typeof definition.format !== "string") return;
  // The format says what `type` is.
  if (definition.format.includes("EnumDescriptor")) gatherEnum(name, definition.type as RawEnum, into);
  else gatherMessage(name, definition.type as unknown as RawMessage, into);
}

function gatherMessage(name: string, message: RawMessage, into: Gathered): void {
  into.raw.set(name, message);
  for (const nested of message.nestedType) gatherMessage(`${name}.${nested.name}`, nested, into);
  for (const one of message.enumType) gatherEnum(`${name}.${one.name}`, one, into);
}

function gatherEnum(name: string, { value }: RawEnum, { enums }: Gathered): void {
  enums.set(
    name,
    value.map((one) => one.name),
  );
}

const scalars: Readonly<Record<string, ScalarType>> = {
  TYPE_DOUBLE: "double",
  TYPE_FLOAT: "float",
  TYPE_INT32: "int32",
  TYPE_SINT32: "int32",
  TYPE_SFIXED32: "int32",
  TYPE_UINT32: "uint32",
  TYPE_FIXED32: "uint32",
  TYPE_INT64: "int64",
  TYPE_SINT64: "int64",
  TYPE_SFIXED64: "int64",
  TYPE_UINT64: "uint64",
  TYPE_FIXED64: "uint64",
  TYPE_BOOL: "bool",
  TYPE_STRING: "string",
  TYPE_BYTES: "bytes",
};

function fieldOf(one: RawField, resolved: (typeName: string) => string, { raw, enums }: Gathered): Field {
  const { name, label, type, typeName } = one;
  const isRepeated = label === "LABEL_REPEATED";
  const scalar = scalars[type];
  if (scalar !== undefined)
    return { name, type: { kind: "scalar", scalar }, isList: isRepeated, isMap: false };
  const whole = resolved(typeName);
  const values = enums.get(whole);
  if (values !== undefined) return { name, type: { kind: "enum", values }, isList: isRepeated, isMap: false };
  const entry = raw.get(whole);
  const value = entry?.field.find((each) => each.name === "value");
  if (entry?.options?.mapEntry !== true || value === undefined)
    return { name, type: { kind: "message", message: whole }, isList: isRepeated, isMap: false };
  return { ...fieldOf(value, resolved, { raw, enums }), name, isMap: true };
}

function isService(definition: AnyDefinition): definition is ServiceDefinition {
  return !("format" in definition);
}

function methodsOf(
  service: ServiceDefinition,
  of: { readonly package: string; readonly messages: ReadonlyMap<string, Message> },
): ReadonlyMap<string, Method> {
  const methods = Object.entries(service).map(([name, method]): [string, Method] => [
    name,
    {
      input: messageOf(method.requestType, of),
      output: messageOf(method.responseType, of),
      streams: { requests: method.requestStream, answers: method.responseStream },
    },
  ]);
  return new Map(methods);
}

/** A method's type comes with its fields and without its package: it is found by both. */
function messageOf(
  { type }: MessageTypeDefinition<object, object>,
  of: { readonly package: string; readonly messages: ReadonlyMap<string, Message> },
): Message {
  const { name, field } = type as unknown as RawMessage;
  const own = of.messages.get(of.package === "" ? name : `${of.package}.${name}`);
  const isSame = (one: Message): boolean =>
    one.fields.length === field.length && one.fields.every((each, index) => each.name === field[index]?.name);
  if (own !== undefined && isSame(own)) return own;
  const found = [...of.messages.values()].find((one) => one.name.endsWith(`.${name}`) && isSame(one));
  return found ?? own ?? { name, fields: [] };
}

function packageOf(name: string): string {
  return name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "";
}

/** A hash of the descriptors: names, numbers and types. */
function meaningOf(definitions: PackageDefinition): string {
  const files = new Set<string>();
  for (const definition of Object.values(definitions)) {
    const messages = isService(definition)
      ? Object.values(definition).map(({ requestType }) => requestType)
      : [definition];
    for (const { fileDescriptorProtos } of messages)
      for (const file of fileDescriptorProtos) files.add(file.toString("base64"));
  }
  return createHash("sha256")
    .update([...files].sort().join())
    .digest("hex");
}

/** The file and what it imports, each once, by the name that it is imported by. Throws, in words, for a name that leads elsewhere. */
function filesOf(file: string, folders: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string, at: string): void => {
    if (found.has(name)) return;
    found.set(name, at);
    const text = readFileSync(at, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    for (const [, imported = ""] of text.matchAll(/\bimport\s+(?:public\s+|weak\s+)?["']([^"']+)["']/g)) {
      const next = folders.map((folder) => path.resolve(folder, imported)).find((one) => existsSync(one));
      if (next === undefined && imported.startsWith("google/protobuf/")) continue;
      if (next === undefined)
        throw new Error(
          `${name} imports "${imported}", which is neither beside ${path.basename(file)} nor in the project`,
        );
      if (path.isAbsolute(imported) || imported.split("/").includes(".."))
        throw new Error(`${name} imports "${imported}": a schema imports what lies beside it or below`);
      visit(imported, next);
    }
  };
  visit(path.basename(file), file);
  return found;
}
