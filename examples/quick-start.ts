// A night's work in small: an FMC and an FDM, a few steps on each, both logged out at the end, whatever happens.
//
// Without anything in the environment it runs against an embedded sandbox, whose tokens live for two seconds so that
// a renewal can be seen. With FMC_URL and FDM_URL (and _USERNAME, _PASSWORD, _PIN or _CA_FILE) it runs against your
// own devices: it adds one host object and removes it again.

import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Main, type SessionEvent } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const Named = Schema.Struct({ id: Schema.String, name: Schema.String })
const Page = Schema.Struct({
  items: Schema.optionalWith(Schema.Array(Named), { default: () => [] }),
  paging: Schema.Struct({ count: Schema.Number, next: Schema.optional(Schema.Array(Schema.String)) })
})
const Host = Schema.Struct({ id: Schema.String, name: Schema.String, value: Schema.String })
const SystemInformation = Schema.Struct({ platformModel: Schema.String, softwareVersion: Schema.String })

const onFmc = (lull: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const fmc = yield* Fmc.Fmc
    const domains = yield* Stream.runCollect(fmc.listDomains())
    say("FMC", `domains: ${[...domains].map(({ name }) => name).join(", ")}`)

    const { http } = yield* fmc.domain("Global")
    let read = 0
    for (let offset = 0; ; offset += 10) {
      const page = yield* http
        .get("/object/hosts", { urlParams: { offset, limit: 10 } })
        .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Page)))
      read += page.items.length
      say("FMC", `hosts: read ${read} of ${page.paging.count}`)
      if (page.paging.next === undefined) break
    }

    const host = { type: "Host", name: `sallyport-${Date.now()}`, value: "192.0.2.10" }
    const added = yield* http
      .execute(HttpClientRequest.bodyUnsafeJson(HttpClientRequest.post("/object/hosts"), host))
      .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Host)))
    say("FMC", `added host ${added.name}`)

    yield* lull
    const back = yield* http
      .get(`/object/hosts/${added.id}`)
      .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Host)))
    say("FMC", `read it back: ${back.name} is ${back.value}`)
    const removed = yield* http.del(`/object/hosts/${added.id}`)
    say("FMC", `removed it (status ${removed.status})`)
  })

const onFdm = Effect.gen(function* () {
  const fdm = yield* Fdm.Fdm
  const system = yield* fdm.http
    .get("/operational/systeminfo/default")
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(SystemInformation)))
  say("FDM", `API ${yield* fdm.apiVersion}: ${system.platformModel} runs ${system.softwareVersion}`)
})

const work = (lull: Effect.Effect<void>) => Effect.zipRight(onFmc(lull), onFdm)

/** `onEvent` tells what the session does by itself. */
const onEvent = (device: string) => (event: SessionEvent.SessionEvent) => {
  if (event._tag === "LoggedIn") say(device, `logged in to ${event.targetName}`)
  if (event._tag === "Refreshed") say(device, "its token was about to expire: refreshed")
  if (event._tag === "LoggedOut") say(device, "logged out")
}

const say = (device: string, text: string) => console.log(`${device}  ${text}`)

const lifetime = "2 seconds"

const onSandbox = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ tokenLifetime: lifetime })
  console.log(`Sandbox at ${sandbox.url}, certificate pinned: ${sandbox.certificate.sha256.slice(0, 16)}…\n`)
  yield* Effect.provide(
    work(Effect.sleep(lifetime)),
    Layer.merge(
      Fmc.layer({ ...sandbox.fmc, tokenLifetime: lifetime, onEvent: onEvent("FMC") }),
      Fdm.layer({ ...sandbox.fdm, onEvent: onEvent("FDM") })
    )
  )
  const { ended, open, opened } = sandbox.ledger
  console.log(`\nLedger: ${opened} sessions opened, ${ended} ended, ${open} left open`)
})

const onDevices = Effect.provide(
  work(Effect.void),
  Layer.merge(
    Fmc.layerConfig("FMC", { onEvent: onEvent("FMC") }),
    Fdm.layerConfig("FDM", { onEvent: onEvent("FDM") })
  )
)

Main.run(
  Effect.gen(function* () {
    const url = yield* Config.option(Config.string("FMC_URL"))
    if (Option.isSome(url)) return yield* onDevices
    return yield* Effect.scoped(onSandbox)
  })
)
