// A script that Main.test.ts starts. How it fails is its argument; `hunter2` must never be told.
import { readFile } from "node:fs/promises"
import process from "node:process"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InvalidInput, Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const Page = Schema.Struct({ items: Schema.Array(Schema.Struct({ name: Schema.Number })) })

const response = HttpClientResponse.fromWeb(
  HttpClientRequest.get("https://fmc.example/api/x?token=hunter2").pipe(
    HttpClientRequest.setHeader("x-auth-access-token", "hunter2")
  ),
  new Response("hunter2 is no JSON")
)

const failures: Readonly<Record<string, Effect.Effect<unknown, unknown>>> = {
  typed: Effect.fail(
    new InvalidInput({ field: "port", value: "abc", message: `port: "abc" is no port; give a whole number.` })
  ),
  parse: Schema.decodeUnknown(Page)({ items: [{ name: "hunter2" }] }),
  response: response.json,
  defect: Effect.sync(() => {
    throw new TypeError("undefined is no function")
  }),
  odd: Effect.die(new Error("not for\n    at hunter (file:///x.js:1:1)")),
  // The types refuse these.
  service: Fmc.Fmc as never,
  scope: Effect.scope as never,
  plain: Effect.suspend(() => ({ password: "hunter2" }) as never),
  yields: Effect.gen(function* () {
    yield Effect.void as never
  }),
  string: Effect.fail("the change window is closed"),
  promise: Effect.tryPromise(() => readFile("no-such-file.csv", "utf8")),
  chain: Effect.die(new Error("the list was not read", { cause: new RangeError("line 4 is too long") })),
  many: Effect.die(new AggregateError([new Error("the first"), new Error("the second")], "two went wrong")),
  form: Effect.try(() => JSON.parse("hunter2") as unknown),
  config: Config.string("FMC_URL"),
  object: Effect.fail({ password: "hunter2" }),
  tag: Effect.fail({ _tag: "NoSuchDomain", password: "hunter2" }),
  both: Effect.all(
    ["a", "b"].map((field) =>
      Effect.zipRight(
        Effect.yieldNow(),
        new InvalidInput({ field, message: `${field}: it is missing; give it.` })
      )
    ),
    { concurrency: 2, mode: "default" }
  ),
  nothing: Effect.zipRight(
    Effect.logInfo("a log line"),
    Effect.sync(() => process.stdout.write("x".repeat(200_000)))
  )
}

Main.run(failures[process.argv[2] ?? ""] ?? Effect.void)
