// A script that doesn't write Effect: what it was told to do, against the sandbox of the test that runs it.
import * as Fmc from "sallyport/fmc"

const { FMC_PIN: pin = "", FMC_URL: url = "", HOW: how = "" } = process.env
const given = { url, trust: { pin }, credentials: { env: "FMC" }, requestsPerMinute: 10_000 }

const ways: Record<string, () => Promise<unknown>> = {
  use: () =>
    Fmc.use(given, async (fmc) => {
      const domain = await fmc.domain("Global")
      const names: Array<string> = []
      for await (const host of domain.hosts.list({ limit: 5 })) names.push(host.name)
      const version = await fmc.serverVersion()
      const none = await domain.hosts.find("nobody")
      const raw = await fmc.rest.request("GET", "/api/fmc_platform/v1/info/serverversion")
      const made = await domain.hosts.upsert({ name: "door", value: "192.0.2.1" })
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
    console.log((await fmc.domains()).length)
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
    console.log((await fmc.domains()).length)
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
  exits: async () => {
    await Fmc.open(given)
    process.exit(7)
  },
  waits: () =>
    Fmc.use(given, async (fmc) => {
      console.log((await fmc.domains()).length)
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
