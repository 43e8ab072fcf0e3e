// Most paths go out without a parser of URLs: as one would read them.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { toRequest } from "../../../src/transport/http/Request.ts"
import * as Target from "../../../src/transport/Target.ts"

const pieces = [..."/?&=.~_-:;%,+*()!$@'#\\ \"<>[]{}|^`", "a", "Z", "0", "..", "%2e", "%41", "é", "\n"]
const text = fc.array(fc.constantFrom(...pieces, "/", "/", "a", "b"), { maxLength: 12 })

describe("the path of a request", () => {
  for (const url of ["https://fmc.example", "https://fmc.example:8443/below"]) {
    it(`is what a parser makes of it, or is refused (${url})`, () => {
      const target = Target.make({ url })
      let sent = 0
      fc.assert(
        fc.property(text, fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 1 }), (given, params) => {
          const path = `/a${given.join("")}`
          const urlParams = params.map(([name, value]): [string, string] => [name, value])
          const request = toRequest(target, HttpClientRequest.get(path, { urlParams }))
          if (Effect.isEffect(request)) return
          sent += 1
          const parsed = new URL(`${url}${path}`)
          if (params.length > 0) {
            const more = new URLSearchParams(urlParams).toString()
            parsed.search = parsed.search === "" ? more : `${parsed.search}&${more}`
          }
          expect(request.path).toBe(`${parsed.pathname}${parsed.search}`)
          expect(request.pathname).toBe(parsed.pathname)
          expect(request.head).toContain(`\r\nhost: ${parsed.host}\r\n`)
        }),
        { numRuns: 2000 }
      )
      expect(sent).toBeGreaterThan(500)
    })
  }
})
