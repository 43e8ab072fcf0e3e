// A script that doesn't write Effect: what it was told to do, against the sandbox of the test that runs it.
import process, { exit } from "node:process"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { exit: takenApart } = process

const { FMC_PIN: pin = "", FMC_URL: url = "", HOW: how = "" } = process.env
const given = { url, trust: { pin }, credentials: { env: "FMC" }, requestsPerMinute: 10_000 }

const ways: Record<string, () => Promise<unknown>> = {
  fromEnvironment: () =>
    Fmc.use("FMC", async (fmc) => console.log((await fmc.listDomains().toArray()).length)),
  nothingSet: () => Fmc.use("NOWHERE", () => console.log("open")),
  // Nobody catches these.
  distrusts: async () => {
    await Fmc.use({ url, credentials: { env: "FMC" } }, () => console.log("open"))
  },
  refuses: async () => {
    await Fmc.use(given, async (fmc) => {
      await fmc.domain("Nowhere")
    })
  },
  refusesOpen: async () => {
    const fmc = await Fmc.open(given)
    await fmc.domain("Nowhere")
  },
  exitsByName: async () => {
    await Fmc.open(given)
    exit(7)
  },
  exitsTakenApart: async () => {
    const fmc = await Fmc.open(given)
    try {
      await fmc.listDomains().toArray()
      takenApart(7)
    } finally {
      takenApart(2)
    }
  },
  plans: () =>
    Workflow.planPromise(
      Workflow.promise({
        name: "waits",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: async ({ fmc }) => {
          await fmc.domain("Global")
          console.log("open")
          await new Promise((resolve) => setTimeout(resolve, 60_000))
        }
      }),
      { fmc: given },
      {}
    ),
  use: () =>
    Fmc.use(given, async (fmc) => {
      const domain = await fmc.domain("Global")
      const names: Array<string> = []
      for await (const host of domain.hosts.list({ limit: 5 })) names.push(host.name)
      const version = await fmc.serverVersion()
      const none = await domain.hosts.find("nobody")
      const raw = await fmc.rest.request("GET", "/api/fmc_platform/v1/info/serverversion")
      const made = await domain.hosts.upsert({ name: "promised", value: "192.0.2.1" })
      console.log(
        JSON.stringify({
          names: names.length,
          version: version.serverVersion,
          none: none === undefined,
          raw: typeof raw,
          made: made.change
        })
      )
    }),
  open: async () => {
    await using fmc = await Fmc.open(given)
    console.log((await fmc.listDomains().toArray()).length)
  },
  throws: () =>
    Fmc.use(given, async () => {
      throw new Error("the script's own")
    }),
  caught: async () => {
    try {
      await Fmc.use(given, async (fmc) => fmc.domain("Nowhere"))
    } catch (error) {
      const { _tag, field } = error as { _tag?: string; field?: string }
      console.log(JSON.stringify({ _tag, field, isError: error instanceof Error }))
    }
  },
  forgets: async () => {
    const fmc = await Fmc.open(given)
    console.log((await fmc.listDomains().toArray()).length)
  },
  forgetsAndThrows: async () => {
    await Fmc.open(given)
    throw new Error("the script's own")
  },
  timer: async () => {
    await Fmc.open(given)
    setTimeout(() => {
      throw new Error("in a timer")
    }, 50)
    await new Promise((resolve) => setTimeout(resolve, 20_000))
  },
  tells: () =>
    Fmc.use(given, async (fmc) => {
      process.stdout.write(`${(await fmc.listDomains().toArray()).length}\n`)
    }),
  exits: async () => {
    await Fmc.open(given)
    process.exit(7)
  },
  exitsInTry: async () => {
    const fmc = await Fmc.open(given)
    try {
      await fmc.listDomains().toArray()
      process.exit(7)
    } catch {
      process.exit(1)
    } finally {
      process.exit(2)
    }
  },
  exitsInMain: async () => {
    const main = async () => {
      const fmc = await Fmc.open(given)
      await fmc.listDomains().toArray()
      process.exit(0)
    }
    await main().catch(() => process.exit(1))
  },
  catchesAndExits: async () => {
    const fmc = await Fmc.open(given)
    console.log("open")
    try {
      for (;;) await fmc.domain("Global").then((domain) => domain.hosts.find("nobody"))
    } catch {
      process.exit(1)
    }
  },
  goesOn: () =>
    Fmc.use(given, async (fmc) => {
      console.log("open")
      const { hosts } = await fmc.domain("Global")
      try {
        for (;;) await hosts.find("nobody")
      } catch {
        const next = Fmc.use(given, () => console.log("opened the next"))
        await next.catch(({ _tag }: { _tag: string }) => console.log(_tag))
      }
    }),
  triesOn: async () => {
    const fmc = await Fmc.open(given)
    const { hosts } = await fmc.domain("Global")
    console.log("open")
    for (;;) await hosts.find("nobody").catch(() => undefined)
  },
  talks: async () => {
    await Fmc.use(given, async (fmc) => {
      for (;;) {
        console.log((await fmc.listDomains().toArray()).length)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
  },
  drains: async () => {
    const stopped = new Promise((resolve) => process.on("SIGTERM", resolve))
    const fmc = await Fmc.open(given)
    console.log("open")
    const alive = setInterval(() => {}, 1000)
    await stopped
    await new Promise((resolve) => setTimeout(resolve, 200))
    console.log(`drained ${(await fmc.listDomains().toArray()).length}`)
    await fmc.close()
    clearInterval(alive)
    process.exitCode = 5
  },
  drainsAndExits: async () => {
    process.on("SIGTERM", () => process.exit(6))
    await Fmc.open(given)
    console.log("open")
    await new Promise((resolve) => setTimeout(resolve, 20_000))
  },
  serves: async () => {
    process.on(process.env.EVENT ?? "", (error: unknown) => console.log(`host: ${String(error)}`))
    const fmc = await Fmc.open(given)
    if (process.env.THROWN === "rejection") void Promise.reject(new Error("somewhere"))
    else {
      setTimeout(() => {
        throw new Error("somewhere")
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    console.log(`lives ${(await fmc.listDomains().toArray()).length}`)
  },
  waitsBesideSignalExit: async () => {
    // As the package leaves it: a listener that waits for the others, and how many of these there are.
    Reflect.set(globalThis, Symbol.for("signal-exit emitter"), { count: 1 })
    process.on("SIGINT", () => {})
    await ways.waits?.()
  },
  waits: () =>
    Fmc.use(given, async (fmc) => {
      console.log((await fmc.listDomains().toArray()).length)
      await new Promise((resolve) => setTimeout(resolve, 20_000))
    }),
  requests: () =>
    Fmc.use(given, async (fmc) => {
      const domain = await fmc.domain("Global")
      console.log("on")
      for (;;) await domain.hosts.find("nobody")
    }),
  late: async () => {
    const opening = Fmc.use(given, async () => console.log("open"))
    console.log("asked")
    await opening
  }
}

await ways[how]?.()
