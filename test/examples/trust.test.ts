import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Certificate } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { lines, run } from "../support/example.ts"

describe("trust.ts", () => {
  it.scopedLive("shows the certificate and the code that pins it, and sends no request", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const address = `127.0.0.1:${sandbox.port}`
      for (const given of [address, `https://${address}/ui/login`]) {
        const { code, stderr, stdout } = yield* run("examples/trust.ts", { args: [given] })
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        const shown = Certificate.fingerprint(sandbox.certificate.sha256)
        expect(stdout).toContain("subject   CN=sallyport sandbox\n")
        expect(stdout).toContain("(self-signed)\n")
        expect(stdout).toContain(`SHA-256   ${shown}\n`)
        expect(stdout).toMatch(/Compare the fingerprint at the\s+device's console first/)
        expect(lines(stdout).at(-1)).toBe(
          `  Target.make({ url: "https://${address}", trust: Trust.pin("${shown}") })`
        )
      }
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.live("without an address prints its usage, and says when nobody answers", () =>
    Effect.gen(function* () {
      const nothing = yield* run("examples/trust.ts")
      expect(nothing.code).toBe(1)
      expect(nothing.stderr.trim()).toBe("Usage: trust.ts <host>[:<port>]")
      const nobody = yield* run("examples/trust.ts", { args: ["127.0.0.1:1"] })
      expect(nobody.code).toBe(1)
      expect(nobody.stderr).toMatch(/DeviceUnreachable: 127\.0\.0\.1:1: no connection \(ECONNREFUSED\)/)
    })
  )
})
