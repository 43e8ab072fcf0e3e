import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import { cases } from "./Case.ts"

const host = (name: string) => ({ name, value: "198.51.100.9" })
const three = ["a", "b", "c"]

/** Cases that go on for ever, for what comes from outside. */
export const slowCases = cases({
  "waits after three changes": {
    script: ({ domain: { hosts } }) =>
      Effect.forEach(three, (name) => hosts.create(host(name))).pipe(
        Effect.tap(() => Effect.sync(() => console.log("waits"))),
        Effect.zipRight(Effect.never)
      )
  },
  "waits for a deployment": {
    left: ["deployment"],
    script: ({ domain }) =>
      Effect.gen(function* () {
        yield* domain.hosts.create(host("a"))
        yield* Effect.sync(() => console.log("deploys"))
        yield* domain.deploy()
      })
  },
  "waits for a job": {
    left: ["upgrade"],
    script: ({ domain, fmc }) =>
      Effect.gen(function* () {
        const Made = Schema.Struct({ id: Schema.String })
        yield* Workflow.job("upgrade", {
          on: fmc,
          path: yield* domain.rest.at("/object/hosts"),
          what: Effect.succeed({}),
          submit: Effect.map(
            domain.rest.send("POST", "/object/hosts", Made, { body: { type: "Host", ...host("job") } }),
            ({ id }) => id
          ),
          find: Effect.succeedNone,
          poll: (id: string) =>
            Effect.map(domain.hosts.get(id), ({ name }) => {
              console.log("polls")
              return name
            }),
          phase: () => "running",
          cannot: "a version is not taken back"
        })
      })
  }
})
