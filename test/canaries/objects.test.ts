// What a script can hold and print, in a program in which nothing goes wrong.
import { Console } from "node:console"
import { Writable } from "node:stream"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Background, LoginGuard, Transport } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { evidence, password } from "../support/canaries.ts"
import { open } from "./session.ts"

const written = (...values: ReadonlyArray<unknown>): string => {
  let text = ""
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += chunk
      done()
    }
  })
  const console = new Console({ stdout: stream, stderr: stream })
  for (const value of values) {
    console.log(value)
    console.dir(value, { depth: 20, showHidden: true })
  }
  return text
}

describe("no secret is in what a script holds", () => {
  it.scopedLive("of an FMC: client, session, token, domain, request, response", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const fmc = yield* Fmc.make(sandbox.fmc)
      const token = yield* fmc.session.token
      const told = evidence()
      for (const secret of [sandbox.password, token.access, token.refresh]) told.plant(secret)
      const domain = yield* fmc.domain("Global")
      const response = yield* domain.http.get("/object/hosts")
      const request = HttpClientRequest.get("/api/fmc_platform/v1/info/domain")
      const held = {
        fmc,
        session: fmc.session,
        token,
        domain,
        response,
        request: response.request,
        asked: request
      }
      for (const [name, value] of Object.entries({
        ...held,
        answered: yield* fmc.session.http.execute(request)
      })) {
        told.print(name, value)
        told.note(`${name} on a console`, written(value))
      }
      told.print("headers", [response.headers, response.request.headers, { ...response.headers }])
      expect(response.status).toBe(200)
      expect(told.size().secrets).toBe(3)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("of an FDM: client, session, token, custom token, and what was asked with it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const fdm = yield* Fdm.make(sandbox.fdm)
      const token = yield* fdm.session.token
      const customToken = yield* fdm.customToken({
        subject: "job",
        expiresIn: 60,
        refreshExpiresIn: 120,
        refreshCount: 1
      })
      const job = yield* Fdm.make({ target: sandbox.fdm.target, token: customToken })
      const told = evidence()
      for (const secret of [
        sandbox.password,
        token.access,
        token.refresh,
        customToken.access,
        customToken.refresh
      ])
        told.plant(secret)
      const response = yield* job.http.get("/object/networks")
      const held = { fdm, session: fdm.session, token, customToken, job, response, request: response.request }
      for (const [name, value] of Object.entries(held)) {
        told.print(name, value)
        told.note(`${name} on a console`, written(value))
      }
      expect(told.size().secrets).toBe(5)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("of the sandbox, of a transport, and of what a process shares", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const session = yield* open("fmc", sandbox, told)
      yield* open("fdm", sandbox, told)
      const transport = yield* Transport.make(sandbox.fmc.target)
      const account = yield* sandbox.fmc.credentials
      const held = {
        sandbox,
        ledger: sandbox.ledger,
        "ledger as text": `${sandbox.ledger}`,
        target: session.target,
        transport,
        account,
        loginGuard: yield* LoginGuard.LoginGuard,
        background: yield* Background.Background,
        scope: yield* Scope.make()
      }
      for (const [name, value] of Object.entries(held)) {
        told.print(name, value)
        told.note(`${name} on a console`, written(value))
      }
      expect(told.size().secrets).toBe(5)
      expect(told.found()).toEqual([])
    })
  )
})

describe.each(backends)("$name: no secret is in what is told", (backend) => {
  const life = (sandbox: Sandbox.Sandbox, told: ReturnType<typeof evidence>) =>
    Effect.scoped(
      Effect.gen(function* () {
        const session = yield* open(backend.name, sandbox, told)
        yield* Effect.forkScoped(Stream.runForEach(session.events, (event) => Effect.logInfo("event", event)))
        yield* read(session, backend)
        for (let renewal = 1; renewal <= 4; renewal++) yield* session.renew
        yield* Effect.either(
          session.http.post(backend.readable, { body: HttpBody.unsafeJson({ name: "x" }) })
        )
        yield* sandbox.evict()
        yield* read(session, backend)
        yield* Effect.logDebug("still there", session, yield* session.token)
      })
    )

  it.scopedLive("in the whole life of a session, by logs, events and spans", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence()
      told.plant(sandbox.password)
      const exit = yield* told.watch("life", life(sandbox, told))
      expect(exit._tag).toBe("Success")
      const { secrets, spans } = told.size()
      expect(secrets).toBeGreaterThan(10)
      expect(spans).toBeGreaterThan(10)
      expect(told.found()).toEqual([])
    })
  )

  it.scopedLive("not even to a tracer that keeps what each span came to", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ password: password() })
      const told = evidence({ results: true })
      told.plant(sandbox.password)
      yield* told.watch("life", life(sandbox, told))
      expect(told.found()).toEqual([])
    })
  )
})
