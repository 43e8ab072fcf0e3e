// A workflow that can be followed from elsewhere: its spans, metrics and log lines go to an OpenTelemetry collector.
//
//   opentelemetry.ts <host> <address>
//
// The collector is that of OTEL_EXPORTER_OTLP_ENDPOINT, or else http://127.0.0.1:4318; the FMC is that of FMC_URL,
// FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE. Where the collector does not answer, the run goes on without.

import process from "node:process"
import * as Otlp from "@effect/opentelemetry/Otlp"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const addHost = Workflow.make({
  name: "add-host",
  input: Schema.Struct({ name: Schema.NonEmptyString, value: Schema.NonEmptyString }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, host) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Workflow.step("host", hosts.upsert(host))
    })
})

const collector = Otlp.layerJson({
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? "http://127.0.0.1:4318",
  resource: { serviceName: addHost.name }
}).pipe(Layer.provide(FetchHttpClient.layer))

const [name = "", value = ""] = process.argv.slice(2)

Main.run(
  Workflow.run(addHost, { fmc: "FMC" }, { name, value }).pipe(
    Effect.flatMap(Workflow.resultOf),
    // The last is sent when its scope closes, behind the logout.
    Effect.provide(collector)
  )
)
