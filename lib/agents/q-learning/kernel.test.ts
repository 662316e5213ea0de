// The embedded binary is what kernel.as compiles to, byte for byte; the compiler's version is pinned.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileKernel } from "../../../.ci/build-kernel.ts";
import { kernelBase64 } from "./kernel.ts";

test("compiling kernel.as again gives the bytes that are embedded (else run: npx tsx .ci/build-kernel.ts)", async () => {
  const binary = await compileKernel();
  assert.is(binary.toString("base64"), kernelBase64);
});

test.run();
