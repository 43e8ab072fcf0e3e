// Workflows whose scripts await.
//
// States of an async function of a script: it runs, or it is over (it has ended, has thrown, or was stopped). Races: its
// calls against its end, and against the end of the plan; what is resumed by sockets of other scripts.
//
// Invariants: a call is in the innermost function that it is made in, after any `await`, side by side and in nested
// steps · when a function is over nothing that it has called goes on, and nothing that it calls then is sent · a call
// that was not awaited is told at its line, and never ends the process · what a script throws reaches whoever awaits it
// as it was thrown · a plan that is given up, by a signal or by its end, leaves no session open.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"

type Script = Parameters<typeof made>[0]

const made = <A>(run: Workflow.PromiseWorkflow<object, object, { fmc: typeof Fmc.plugin }, A>["run"]) =>
  Workflow.promise({ name: "awaits", input: Schema.Struct({}), devices: { fmc: Fmc.plugin }, run })

const planned = (sandbox: Sandbox.Sandbox, run: Script) => Workflow.plan(made(run), { fmc: sandbox.fmc }, {})

/** Fails with what rejects. */
const tried = <A>(promise: () => Promise<A>) =>
  Effect.tryPromise({ try: promise, catch: (error) => error as Error & { readonly _tag?: string } })

const host = (at: number) => ({ name: `web-${at}`, value: `192.0.2.${at}` })

const steps = ({ changes }: Workflow.Plan) => changes.map(({ name, step }) => `${step}: ${name}`).toSorted()

const turns = () => new Promise<void>((resolve) => setTimeout(resolve, 5))

describe("what an async function of a step calls is in that step", () => {
  it.scopedLive("after it has awaited, and in what it calls", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* planned(sandbox, async ({ fmc }, _, { note, step }) => {
        const { hosts } = await fmc.domain("Global")
        const create = async (at: number) => {
          await turns()
          return hosts.create(host(at))
        }
        const value = await step("one", async () => {
          await hosts.find("none")
          await create(1)
          for await (const _host of hosts.list({ limit: 2 })) await turns()
          await note("from within")
          await Promise.resolve().then(() => create(2))
          return 7
        })
        await create(value)
      })
      expect(steps(plan)).toEqual([": web-7", "one: web-1", "one: web-2"])
      expect(plan.notes).toEqual([{ step: "one", text: "from within" }])
    })
  )

  it.scopedLive("side by side, and within each other", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* planned(sandbox, async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await Promise.all(
          [1, 2, 3, 4].map((at) =>
            step(`s${at}`, async () => {
              await hosts.find(`none-${at}`)
              await Promise.all([
                hosts.create(host(at)),
                step("inner", async () => {
                  await turns()
                  await hosts.create(host(10 + at))
                })
              ])
              await turns()
              await hosts.create(host(20 + at))
            })
          )
        )
      })
      expect(steps(plan)).toEqual(
        [1, 2, 3, 4]
          .flatMap((at) => [`s${at}: web-${at}`, `s${at} / inner: web-1${at}`, `s${at}: web-2${at}`])
          .toSorted()
      )
    })
  )

  it.scopedLive("also where a list was begun outside of it, and where the function does not await", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const plan = yield* planned(sandbox, async ({ fmc }, _, { step }) => {
        const { hosts, rest } = await fmc.domain("Global")
        await step("made", () => hosts.create(host(1)))
        const list = hosts.list({ filter: "nameOrValue:web" })
        await step("read", async () => {
          await turns()
          await list.toArray().catch(() => undefined)
          await rest.request("GET", "/object/hosts")
        })
      })
      expect(steps(plan)).toEqual(["made: web-1"])
      expect(plan).toMatchObject({ complete: false, end: { step: "read" } })
    })
  )

  it.scopedLive("though another workflow speaks with the same device at the same time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script =
        (name: string): Script =>
        async ({ fmc }, _, { step }) => {
          const { hosts } = await fmc.domain("Global")
          for (const at of [1, 2, 3]) {
            await step(`${name}${at}`, async () => {
              await hosts.find("none")
              await hosts.create(host(at))
            })
          }
        }
      const plans = yield* Effect.all([planned(sandbox, script("a")), planned(sandbox, script("b"))], {
        concurrency: 2
      })
      expect(plans.map(steps)).toEqual([
        ["a1: web-1", "a2: web-2", "a3: web-3"],
        ["b1: web-1", "b2: web-2", "b3: web-3"]
      ])
    })
  )
})

describe("a client that a script opens by itself", () => {
  it.scopedLive("takes part, in the step in which it is called", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const before = yield* tried(() => Fmc.open(sandbox.fmc))
      const plan = yield* planned(sandbox, async (_clients, _, { step }) => {
        await step("within", () =>
          Fmc.use(sandbox.fmc, async (fmc) => {
            const { hosts } = await fmc.domain("Global")
            await turns()
            await hosts.create(host(1))
          })
        )
        const { hosts, rest } = await before.domain("Global")
        await step("from before", () => hosts.create(host(2)))
        await step("raw", () => rest.request("POST", "/object/hosts", { body: host(3) }))
      })
      expect(steps(plan)).toEqual(["from before: web-2", "within: web-1"])
      expect(plan).toMatchObject({ complete: false, end: { step: "raw" } })
      // Outside of the workflow it is as it was.
      const made = yield* tried(async () => (await before.domain("Global")).hosts.create(host(4)))
      expect(made.name).toBe("web-4")
      yield* tried(() => before.close())
      const written = sandbox.ledger.requests.filter(
        ({ kind, method }) => kind === "call" && method !== "GET"
      )
      expect(written).toHaveLength(1)
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})

describe("unplanned", () => {
  it.scopedLive("ends a plan in its step, and does nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const begun: Array<string> = []
      const plan = yield* planned(sandbox, ({ fmc }, _, { step, unplanned }) =>
        step("licence", async () => {
          const { rest } = await fmc.domain("Global")
          await unplanned("by hand", async () => {
            begun.push("unplanned")
            await rest.request("POST", "/object/hosts", { body: { ...host(1), type: "Host" } })
          })
        })
      )
      expect(plan).toMatchObject({
        changes: [],
        complete: false,
        end: { step: "licence", reason: expect.stringContaining("by hand") }
      })
      expect(begun).toEqual([])
    })
  )
})

describe("what was not awaited", () => {
  const forgotten: Readonly<Record<string, [field: string, script: Script]>> = {
    "a call at the end of the script": [
      "workflow.run",
      async ({ fmc }) => {
        const { hosts } = await fmc.domain("Global")
        void hosts.upsert(host(1))
      }
    ],
    "a call at the end of a step": [
      'step "hosts"',
      async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await step("hosts", async () => {
          void hosts.upsert(host(1))
        })
        await turns()
      }
    ],
    "a step": [
      "workflow.run",
      async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        void step("hosts", async () => {
          await turns()
          await hosts.upsert(host(1))
        })
      }
    ],
    "calls within forEach": [
      "workflow.run",
      async ({ fmc }) => {
        const { hosts } = await fmc.domain("Global")
        ;[1, 2, 3].forEach(async (at) => {
          await hosts.upsert(host(at))
        })
      }
    ]
  }

  it.scopedLive.each(Object.entries(forgotten))("is told at its line: %s", ([, [field, script]]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const error = yield* Effect.flip(planned(sandbox, script))
      expect(error).toMatchObject({
        _tag: "InvalidInput",
        field,
        message: `${field}: it ended while this was still under way, which was stopped; await it.`
      })
      expect(String((error as Error).stack).split("\n")[1]).toContain("promise.test.ts")
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("and is called when all is over is refused, and told at its line", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const late: Array<Promise<unknown>> = []
      let goOn: () => void = () => undefined
      const gate = new Promise<void>((resolve) => (goOn = resolve))
      const plan = yield* planned(sandbox, async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await step("hosts", async () => {
          late.push(gate.then(async () => await hosts.find("web-1")))
        })
        late.push(gate.then(async () => await hosts.find("web-1")))
        late.push(gate.then(async () => await step("late", () => hosts.create(host(2)))))
      })
      const asked = sandbox.ledger.requests.length
      goOn()
      for (const [at, field] of ['step "hosts"', "workflow.run", "workflow.run"].entries()) {
        const error = yield* Effect.flip(tried(async () => late[at]))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(error.message).toContain("called when it is over")
        expect(String(error.stack).split("\n")[1]).toContain("promise.test.ts")
      }
      expect(plan).toMatchObject({ changes: [], complete: true })
      expect(sandbox.ledger.requests).toHaveLength(asked)
    })
  )

  it.scopedLive("is stopped where the function throws, and what it throws is the failure", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      let settled = "pending"
      const thrown = new Error("the script's own")
      const error = yield* Effect.flip(
        planned(sandbox, async ({ fmc }) => {
          const { hosts } = await fmc.domain("Global")
          hosts.upsert(host(1)).catch(() => (settled = "rejected"))
          throw thrown
        })
      )
      expect(error).toBe(thrown)
      yield* eventually("the call is rejected", () => settled === "rejected")
    })
  )
})

describe("what a script throws within a step", () => {
  it.scopedLive("reaches it as it was thrown, and keeps its line", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const seen: Array<unknown> = []
      const own = Object.freeze({ odd: true })
      const plan = yield* planned(sandbox, async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await step("throws", () => Promise.reject(own)).catch((error) => seen.push(error))
        await step("outer", () =>
          step("inner", async function theInnerOne() {
            try {
              await hosts.get("")
            } catch (error) {
              seen.push(error, String((error as Error).stack))
              throw error
            }
          })
        ).catch((error) => seen.push(error, String(error.stack)))
        await hosts.create(host(1))
      })
      expect(seen[0]).toBe(own)
      const [first, firstStack, last, lastStack] = seen.slice(1)
      expect(first).toMatchObject({ _tag: "InvalidInput" })
      expect(last).toBe(first)
      expect(lastStack).toBe(firstStack)
      expect(steps(plan)).toEqual([": web-1"])
    })
  )
})

describe("a slip in JavaScript", () => {
  const slips: Readonly<Record<string, [words: string, script: Script]>> = {
    "a promise in the place of a function": [
      "step: this is a promise, whose work has begun outside of it",
      async (_clients, _, { step }) => step("x", Promise.resolve() as never)
    ],
    "an Effect in the place of a function": [
      "step: this is an Effect",
      async (_clients, _, { step }) => step("x", Workflow.note("never said") as never)
    ],
    "nothing in the place of a function": [
      "unplanned: this is no function",
      async (_clients, _, { unplanned }) => unplanned("x", undefined as never)
    ],
    "a function in the place of a name": [
      "step.name: what stands there is no text",
      async (_clients, _, { step }) => step((async () => undefined) as never, undefined as never)
    ],
    "an empty name": [
      "step.name: it is empty",
      async (_clients, _, { step }) => step(" ", async () => undefined)
    ],
    "a note that is no text": [
      "note.text: what stands there is no text",
      async (_clients, _, { note }) => note(7 as never)
    ],
    "a step that gives an Effect": [
      'step "x": it gives an Effect',
      async (_clients, _, { step }) => {
        await step("x", () => Workflow.note("never said") as never)
      }
    ]
  }
  it.scopedLive.each(Object.entries(slips))("is told at its line: %s", ([, [words, script]]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const error = yield* Effect.flip(planned(sandbox, script))
      expect(error).toMatchObject({ _tag: "InvalidInput", message: expect.stringContaining(words) })
    })
  )
})

describe("planPromise", () => {
  it.scopedLive("gives the plan, of either kind of workflow, and logs out", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const awaits = made(async ({ fmc }) => (await fmc.domain("Global")).hosts.create(host(1)))
      const effect = Workflow.make({
        name: "awaits",
        input: Schema.Struct({ at: Schema.NumberFromString }),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }, { at }) => Effect.flatMap(fmc.domain("Global"), ({ hosts }) => hosts.create(host(at)))
      })
      const plan = yield* tried(() => Workflow.planPromise(awaits, { fmc: sandbox.fmc }, {}))
      const same = yield* tried(() => Workflow.planPromise(effect, { fmc: sandbox.fmc }, { at: "1" }))
      expect(plan.changes).toMatchObject([{ action: "create", name: "web-1" }])
      expect(same.hash).toBe(plan.hash)
      expect(sandbox.ledger).toMatchObject({ opened: 2, open: 0 })
    })
  )

  it.scopedLive("rejects with what is wrong, at the script's line", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const awaits = made(async () => undefined)
      const wrong: ReadonlyArray<[field: string, planned: () => Promise<unknown>]> = [
        ["fmc", () => Workflow.planPromise(awaits, {} as never, {})],
        ["workflow", () => Workflow.planPromise(undefined as never, {}, {})],
        ["timeout", () => Workflow.planPromise(awaits, { fmc: sandbox.fmc }, {}, { timeout: 1 } as never)],
        ["signal", () => Workflow.planPromise(awaits, { fmc: sandbox.fmc }, {}, { signal: 1 as never })]
      ]
      for (const [field, plan] of wrong) {
        const error = yield* Effect.flip(tried(async () => await plan()))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(String(error.stack).split("\n")[1]).toContain("promise.test.ts")
      }
    })
  )

  it.scopedLive("ends by a signal with its reason, logged out, and lets the script send nothing more", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const end = new AbortController()
      const seen: Array<string> = []
      const awaits = made(async ({ fmc }, _, { step }) => {
        const { hosts } = await fmc.domain("Global")
        await step("waits", async () => {
          seen.push("open")
          try {
            await new Promise((_, reject) => end.signal.addEventListener("abort", reject))
          } catch {
            await turns()
            await hosts.find("late").catch((error) => seen.push(error._tag))
          }
        })
      })
      const plan = Workflow.planPromise(awaits, { fmc: sandbox.fmc }, {}, { signal: end.signal })
      yield* eventually("it is open", () => seen.length > 0)
      const reason = new Error("enough")
      end.abort(reason)
      expect(yield* Effect.flip(tried(() => plan))).toBe(reason)
      expect(sandbox.ledger.open).toBe(0)
      yield* eventually("the script goes on", () => seen.length > 1)
      expect(seen).toEqual(["open", "InvalidInput"])
      const before = Workflow.planPromise(awaits, { fmc: sandbox.fmc }, {}, { signal: end.signal })
      expect(yield* Effect.flip(tried(() => before))).toBe(reason)
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )
})
