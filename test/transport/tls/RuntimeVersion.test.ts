import { describe, expect, it } from "@effect/vitest"
import * as RuntimeVersion from "../../../src/transport/tls/RuntimeVersion.ts"

describe("the runtime's floor", () => {
  it("is Node 20, Deno 2.8 and Bun 1.4", () => {
    const node = "24.0.0"
    for (const versions of [
      { node: "20.0.0" },
      { node: "22.1.0-nightly" },
      { node, deno: "2.8.0" },
      { node, deno: "2.10.1" },
      { node, deno: "3.0.0" },
      { node, bun: "1.4.0" },
      { node, bun: "2.0.0" }
    ]) {
      expect([versions, RuntimeVersion.unsupported(versions)]).toEqual([versions, undefined])
    }
    for (const versions of [
      { node: "18.20.8" },
      { node, deno: "2.7.99" },
      { node, deno: "1.46.3" },
      { node, bun: "1.3.14" },
      { node, bun: "0.9.0" },
      { node, bun: "canary" },
      {}
    ]) {
      expect([versions, RuntimeVersion.unsupported(versions)?.field]).toEqual([versions, "runtime"])
    }
  })

  it("says what to upgrade to", () => {
    expect(RuntimeVersion.unsupported({ node: "24.3.0", bun: "1.3.9" })?.message).toMatch(
      /Bun 1\.3\.9 is too old.*upgrade to Bun 1\.4\.0 or newer\.$/
    )
  })

  it("is met by the runtime that runs this", () => {
    expect(RuntimeVersion.unsupported(process.versions)).toBeUndefined()
  })
})
