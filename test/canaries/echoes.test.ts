// A device that repeats in its errors what it was sent: in which spelling ever, it reaches nobody.
import { Buffer } from "node:buffer"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../support/backends.ts"
import { evidence, password } from "../support/canaries.ts"
import { spellings } from "../support/spellings.ts"
import { open } from "./session.ts"

/** The spellings in which a device, a proxy or a framework repeats what it got. */
const echoes: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  quoted: (secret) => JSON.stringify(secret),
  "in a body": (secret) => JSON.stringify({ password: secret }),
  "in Base64": (secret) => Buffer.from(secret).toString("base64"),
  "as Basic credentials": (secret) => `Basic ${Buffer.from(`api:${secret}`).toString("base64")}`,
  "in a URL": (secret) => encodeURIComponent(secret),
  "in a form": (secret) => new URLSearchParams({ password: secret }).toString()
}

/** An answer with all envelopes of both protocols, and headers, that say these words. */
const saying = (status: number, words: string): Sandbox.Fault.How =>
  Sandbox.Fault.status(status, {
    body: {
      message: words,
      description: words,
      error: { severity: "ERROR", messages: [{ description: words }] }
    },
    headers: {
      location: `https://127.0.0.1:1/?echo=${encodeURIComponent(words)}`,
      "www-authenticate": `Basic realm="${encodeURIComponent(words)}"`
    }
  })

const statuses = [302, 400, 401, 403, 404, 422, 500, 503]

describe.each(backends)("$name: what a device repeats", (backend) => {
  it.scopedLive.each(Object.entries(echoes))("of a password %s is masked", ([, spell]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const told = evidence()
      for (const status of statuses) {
        yield* sandbox.setPassword(password())
        told.plant(sandbox.password)
        const how = saying(status, `You sent ${spell(Redacted.value(sandbox.password))} to me`)
        yield* sandbox.fail({ kind: "login", how })
        yield* told.watch(`${status}`, Effect.flip(Effect.scoped(open(backend.name, sandbox, told))))
        yield* sandbox.clearFaults()
      }
      expect(backend.tally(sandbox).loginsRefused).toBe(statuses.length)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("of a password in any other spelling is masked", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const told = evidence()
      for (const [what, spell] of Object.entries(spellings)) {
        yield* sandbox.setPassword(password())
        told.plant(sandbox.password)
        const echo = spell(Redacted.value(sandbox.password))
        yield* sandbox.fail({ kind: "login", how: saying(422, `You sent ${echo} to me`) })
        const exit = yield* told.watch(what, Effect.flip(Effect.scoped(open(backend.name, sandbox, told))))
        const { _tag, value } = exit._tag === "Success" ? exit : { _tag: exit._tag, value: undefined }
        expect([what, _tag, `${value?.message}`.includes(echo)]).toEqual([what, "Success", false])
        yield* sandbox.clearFaults()
      }
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive.each(["refresh", "revoke"] as const)("of tokens at a %s is masked", (kind) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      for (const status of [302, 400, 401, 500]) {
        for (const spell of [echoes["as it is"], echoes.quoted, echoes["in Base64"], echoes["in a URL"]]) {
          for (const use of ["access", "refresh"] as const) {
            const steps = Effect.gen(function* () {
              const session = yield* open(backend.name, sandbox, told)
              const token = (yield* session.token)[use]
              const words = token === undefined ? "" : spell?.(Redacted.value(token))
              yield* sandbox.fail({ kind, how: saying(status, `You sent ${words} to me`) })
              if (kind === "refresh") yield* Effect.either(session.renew)
            })
            yield* told.watch(`${status}`, Effect.scoped(steps))
            yield* sandbox.clearFaults()
          }
        }
      }
      const { refreshesRefused, revokesRefused } = backend.tally(sandbox)
      expect(kind === "refresh" ? refreshesRefused : revokesRefused).toBe(32)
      expect(told.found()).toEqual([])
    })
  )
})

describe("what a device repeats", () => {
  it.scopedLive("of an FMC's token in the answer to the list of domains is masked", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.dropHeader("DOMAINS") })
      const fmc = yield* Fmc.make(sandbox.fmc)
      const { access } = yield* fmc.session.token
      told.plant(access)
      yield* sandbox.fail({ kind: "call", how: saying(403, `The token ${Redacted.value(access)} may not`) })
      const refused = yield* told.watch("domains", Effect.flip(fmc.domain("Global")))
      expect(refused._tag).toBe("Success")
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("of an FDM's tokens in the answers about custom tokens is masked", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      const fdm = yield* Fdm.make(sandbox.fdm)
      const token = yield* fdm.customToken({ subject: "job", expiresIn: 60 })
      const { access, refresh } = yield* fdm.session.token
      for (const each of [token.access, access, refresh]) {
        told.plant(each)
        const words = `The token ${each === undefined ? "" : Redacted.value(each)} may not`
        for (const work of [
          fdm.revokeToken(token),
          fdm.revokeSubject("job"),
          fdm.customToken({ subject: "job", expiresIn: 60 })
        ]) {
          yield* sandbox.fail({ path: "/api/fdm/", how: saying(403, words) })
          const refused = yield* told.watch(
            "custom token",
            Effect.flip<unknown, { readonly _tag: string }, never>(work)
          )
          expect(refused._tag === "Success" && refused.value._tag).toBe("DeviceRefused")
          yield* sandbox.clearFaults()
        }
      }
      expect(told.found()).toEqual([])
    })
  )
})
