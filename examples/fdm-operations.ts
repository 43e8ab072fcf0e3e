// An FDM by its own description, as with a Swagger client: connect, list the operations of a tag, call some of them by
// their ids. What a call takes is in the description; it is checked before anything is sent.
//
// Runs against an embedded sandbox, or with FDM_URL, FDM_USERNAME, FDM_PASSWORD (FDM_PIN or FDM_CA_FILE) against a
// device, where it adds a network object and deletes it again.

import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Main } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import * as Sandbox from "sallyport/sandbox"

const tag = "NetworkObject"

// Answers are plain data; a script says what it needs of them.
const Network = Schema.Struct({ id: Schema.String, name: Schema.String, value: Schema.String })
const Page = Schema.Struct({ items: Schema.Array(Network) })

const operations = Effect.gen(function* () {
  const api = yield* Api.make(yield* Fdm.Fdm)
  console.log(`The device describes ${api.operations().length} operations under ${api.tags.length} tags`)
  for (const { id, method, parameters, path } of api.operations(tag)) {
    console.log(`  ${id}(${parameters.map(({ name }) => name).join(", ")}): ${method} ${path}`)
  }

  const body = { name: "sallyport-example", subType: "HOST", value: "192.0.2.1", type: "networkobject" }
  const mistaken = api.call(tag, "addNetworkObject", { body: { ...body, subType: "HOSTS" } })
  const { message } = yield* Effect.flip(mistaken)
  console.log(`Not sent: ${message}`)

  const made = yield* api.call(tag, "addNetworkObject", { body })
  const { id: objId, name, value } = yield* Schema.decodeUnknown(Network)(made)
  console.log(`Added ${name}: ${value}`)

  const found = yield* api.call(tag, "getNetworkObjectList", { filter: `name:${name}`, limit: 10 })
  const { items } = yield* Schema.decodeUnknown(Page)(found)
  console.log(`Found by its name: ${items.length}`)

  yield* api.call(tag, "deleteNetworkObject", { objId })
  console.log("Deleted")
})

const embedded = Layer.unwrapScoped(Effect.map(Sandbox.make(), (sandbox) => Fdm.layer(sandbox.fdm)))

Main.run(
  Effect.gen(function* () {
    const url = yield* Config.option(Config.string("FDM_URL"))
    if (Option.isSome(url)) yield* Effect.provide(operations, Fdm.layerConfig("FDM"))
    else yield* Effect.provide(operations, embedded)
  })
)
