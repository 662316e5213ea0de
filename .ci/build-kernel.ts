// `npx tsx .ci/build-kernel.ts`: compiles lib/agents/q-learning/kernel.as with AssemblyScript and embeds the binary as base64 in
// kernel.ts beside it. The compiler is pinned in package.json; a test compiles again and compares the bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = new URL("../lib/agents/q-learning/", import.meta.url);

/** The binary that kernel.as compiles to. */
export async function compileKernel(): Promise<Buffer> {
  const source = readFileSync(new URL("kernel.as", folder), "utf8");
  const written = new Map<string, string | Uint8Array>();
  const flags = ["-O3", "--runtime", "stub", "--noAssert", "--initialMemory", "1", "--enable", "simd"];
  const { error, stderr } = await asc.main(["kernel.ts", "--outFile", "kernel.wasm", ...flags], {
    readFile: (name) => (name === "kernel.ts" ? source : null),
    writeFile: (name, content) => void written.set(name, content),
    listFiles: () => [],
  });
  if (error) throw new Error(`kernel.as does not compile: ${stderr.toString()}`);
  const binary = written.get("kernel.wasm");
  if (!(binary instanceof Uint8Array)) throw new Error("kernel.as compiled to no binary");
  return Buffer.from(binary);
}

/** The text of kernel.ts for this binary. */
function embed(binary: Buffer): string {
  return `// Generated from kernel.as by .ci/build-kernel.ts: WebAssembly (with SIMD) as base64, ${binary.length} bytes. Do not edit.
export const kernelBase64 =
  "${binary.toString("base64")}";
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = await compileKernel();
  writeFileSync(new URL("kernel.ts", folder), embed(binary));
  console.log(`kernel.ts: ${binary.length} bytes`);
}
