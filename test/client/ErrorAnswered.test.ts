// Errors that come with a status of success: told with the device's own words, and never taken for done.
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { AuthError, SessionError, SessionEvent } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { type Answer, type Device, make } from "../support/device.ts"

const tokens = {
  "X-auth-access-token": "access-7f3a9c",
  "X-auth-refresh-token": "refresh-7f3a9c",
  DOMAINS: JSON.stringify([{ name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }])
}
const granted = { access_token: "access-7f3a9c", refresh_token: "refresh-7f3a9c", expires_in: 1800 }

const words = "The store is down for\u001baccess-7f3a9c."
const safe = "The store is down for ***."
const fmcError = { error: { category: "FRAMEWORK", severity: "ERROR", messages: [{ description: words }] } }
const fdmError = { error: { severity: "ERROR", key: "x", messages: [{ description: words, code: "y" }] } }

const fmcAnswering = (body: unknown) =>
  Effect.flatMap(
    make(({ path }): Answer => (path.includes("/auth/") ? { status: 204, headers: tokens } : { body })),
    (device) => Effect.map(Fmc.make(device), (fmc) => ({ ...device, fmc }))
  )

const fdmAnswering = (body: unknown) =>
  Effect.flatMap(
    make(({ fields, path }): Answer => {
      if (path === "/api/versions") return { body: { supportedVersions: ["v6"] } }
      if (fields.grant_type === "revoke_token") return { body: { status_code: 200, message: "OK" } }
      return path.endsWith("/fdm/token") ? { body: granted } : { body }
    }),
    (device) => Effect.map(Fdm.make(device), (fdm) => ({ ...device, fdm }))
  )

const told = (error: SessionError | { readonly _tag: string; readonly message: string }) => {
  expect(error.message).toContain("The store is down for ***")
  expect(error.message + JSON.stringify(error) + inspect(error)).not.toContain("7f3a9c")
  return error
}

describe("an error with status 200", () => {
  const violation = {
    _tag: "ProtocolViolation",
    messages: [safe],
    detail: expect.stringContaining("status is 200")
  }

  it.scopedLive.each([
    ["as an FMC wraps it", fmcError],
    ["as its document has it", fmcError.error]
  ])("of an FMC is told with its words to lists and objects, %s", ([, body]) =>
    Effect.gen(function* () {
      const { fmc } = yield* fmcAnswering(body)
      const { hosts, rest } = yield* fmc.domain("Global")
      for (const read of [
        fmc.serverVersion,
        Stream.runDrain(hosts.list()),
        hosts.get("1"),
        rest.request("GET", "/object/hosts/1")
      ]) {
        const error = yield* Effect.flip(read)
        expect(told(error)).toMatchObject(violation)
        expect(error.message).toContain("That is the device's own word")
        expect(error.message).not.toContain("carried out")
      }
    })
  )

  it.scopedLive("in the place of the domains of an FMC is told with its words", () =>
    Effect.gen(function* () {
      const { DOMAINS: _, ...nameless } = tokens
      const device = yield* make(({ path }) =>
        path.includes("/auth/") ? { status: 204, headers: nameless } : { body: fmcError }
      )
      const fmc = yield* Fmc.make(device)
      expect(told(yield* Effect.flip(fmc.domain("Global")))).toMatchObject({
        _tag: "ProtocolViolation",
        detail: "the list of domains cannot be read",
        messages: [safe]
      })
    })
  )

  it.scopedLive("of an FDM is told with its words to lists, objects and what goes by its description", () =>
    Effect.gen(function* () {
      const { fdm } = yield* fdmAnswering(fdmError)
      for (const read of [
        Stream.runDrain(fdm.networks.list()),
        fdm.networks.get("1"),
        fdm.rest.get("/object/networks/1", Schema.Unknown),
        fdm.rest.request("GET", "/object/networks/1")
      ])
        expect(told(yield* Effect.flip(read))).toMatchObject(violation)
    })
  )

  it.scopedLive("to a change is not taken for done, and says that it may be", () =>
    Effect.gen(function* () {
      const { fdm, heard } = yield* fdmAnswering(fdmError)
      const removed = told(yield* Effect.flip(fdm.networks.remove("1")))
      expect(removed).toMatchObject({ ...violation, isChange: true })
      expect(removed.message).toContain("It may have been carried out all the same: read back before")
      const created = yield* Effect.flip(
        fdm.networks.create({ name: "web-1", value: "192.0.2.1", subType: "HOST" })
      )
      expect(told(created)).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Unreadable" })
      const uploaded = yield* Effect.flip(
        fdm.upload("/action/uploaddiskfile", { name: "a.pem", bytes: new Uint8Array(3) })
      )
      expect(told(uploaded)).toMatchObject({ ...violation, isChange: true })
      expect(heard.filter(({ method, path }) => method === "POST" && path.endsWith("networks"))).toHaveLength(
        1
      )
    })
  )

  it.scopedLive("in the place of a file is told, and no file is left", () =>
    Effect.gen(function* () {
      const { fdm } = yield* fdmAnswering(fdmError)
      expect(told(yield* Effect.flip(fdm.download("/action/downloaddiskfile/1")))).toMatchObject(violation)
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "sallyport-"))),
        (made) => Effect.sync(() => rmSync(made, { recursive: true }))
      )
      const saved = fdm.downloadTo("/action/downloaddiskfile/1", join(folder, "ca.pem"))
      expect(told(yield* Effect.flip(saved))).toMatchObject(violation)
      expect(readdirSync(folder)).toEqual([])
    })
  )

  it.scopedLive.each(["fmc", "fdm"] as const)(
    "to a login or a logout of an %s is told with its words",
    (kind) =>
      Effect.gen(function* () {
        const body = kind === "fmc" ? fmcError : fdmError
        const events: Array<SessionEvent.SessionEvent> = []
        const answering = (failing: "login" | "logout") =>
          make(({ fields, path }): Answer => {
            if (path === "/api/versions") return { body: { supportedVersions: ["v6"] } }
            const isLogin = path.endsWith("/generatetoken") || fields.grant_type === "password"
            const isLogout = path.endsWith("/revokeaccess") || fields.grant_type === "revoke_token"
            if ((isLogin && failing === "login") || (isLogout && failing === "logout")) return { body }
            return kind === "fmc" ? { headers: tokens, body: "" } : { body: granted }
          })
        const onEvent = (event: SessionEvent.SessionEvent) => events.push(event)
        const open = (device: Device): Effect.Effect<unknown, AuthError> =>
          Effect.scoped(
            Effect.asVoid<unknown, AuthError, Scope.Scope>(
              kind === "fmc" ? Fmc.make({ ...device, onEvent }) : Fdm.make({ ...device, onEvent })
            )
          )
        const error = yield* Effect.flip(Effect.flatMap(answering("login"), open))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          messages: [expect.stringContaining("The store")]
        })
        expect(error.message).not.toMatch(/proxy|Check that this is/)
        yield* Logger.withMinimumLogLevel(Effect.flatMap(answering("logout"), open), LogLevel.None)
        const failed = events.find(({ _tag }) => _tag === "LogoutFailed")
        expect(JSON.stringify(failed)).toContain(safe)
      })
  )
})
