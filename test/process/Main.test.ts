// What Main.run writes when a script fails. (Signals and exit codes: auth/signals.test.ts.)
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { run } from "../support/example.ts"
import { fewer } from "../support/fewer.ts"

const more = "SALLYPORT_DEBUG=1 in the environment shows the stack."

const failing = (how: string, env: Readonly<Record<string, string>> = {}) =>
  run("test/scripts/failing.ts", { args: [how], env, tellsLines: true })

/** A bug is told with the line of the script at which it showed. */
const atLine = (words: string) =>
  new RegExp(`^${words.replace(/[()./]/g, "\\$&")}\nat .*failing\\.ts:\\d+:\\d+\\)?$`)

/** Failures in whose words the runtime has no part. */
const ofValues = [
  ["typed", 'InvalidInput: port: "abc" is no port; give a whole number.'],
  ["parse", "ParseError: the data is not what the script's schema describes, at: items.0.name"],
  ["response", "ResponseError: Decode, GET https://fmc.example/api/x, status 200"],
  ["string", "the change window is closed"],
  [
    "object",
    "The script failed with an object that is no Error, of which nothing is told; throw an Error in its place, with words."
  ],
  ["tag", "NoSuchDomain"],
  ["both", /^InvalidInput: a: .*\nInvalidInput: b: /],
  ["config", /^Configuration: .*FMC_URL/]
] as const

/** Mistakes that are known by what they give. */
const ofGiven = [
  ["service", /^The script needs sallyport\/Fmc, which nothing provides; provide it, as in .*\)\.$/],
  ["scope", /^The script opens something.*; wrap it, as in Main\.run\(Effect\.scoped\(script\)\)\.$/],
  ["plain", /^The script gives something else where an Effect has to be; .*\.$/],
  ["yields", /^The script takes a step by yield; take it by yield\*, with the star\.$/]
] as const

describe("a script that fails with", () => {
  it.live.each([
    ...fewer<(typeof ofValues)[number]>(ofValues),
    ["defect", atLine("TypeError: undefined is no function")],
    ["odd", atLine("Error: not for\n    at hunter (file:///x.js:1:1)")],
    ["promise", /^UnknownException: .*\n {2}because of Error: ENOENT.*no-such-file\.csv/],
    ["chain", atLine("Error: the list was not read\n  because of RangeError: line 4 is too long")],
    [
      "many",
      atLine("AggregateError: two went wrong\n  because of Error: the first\n  because of Error: the second")
    ],
    ...fewer<(typeof ofGiven)[number]>(ofGiven),
    ["form", /because of SyntaxError: something is not of the form/]
  ] as const)("%s tells in one block what happened, without stack or value", ([how, words]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* failing(how)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr.startsWith("\n")).toBe(true)
      const block = stderr.trim()
      expect(block.endsWith(more)).toBe(true)
      const told = block.slice(0, -more.length).trim()
      if (typeof words === "string") expect(told).toBe(words)
      else expect(told).toMatch(words)
      expect(stderr).not.toContain("hunter2")
    })
  )

  it.live("anything tells with SALLYPORT_DEBUG where it happened", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* failing("defect", { SALLYPORT_DEBUG: "1" })
      expect(code).toBe(1)
      expect(stderr).toContain("TypeError: undefined is no function")
      expect(stderr).toMatch(/^\s+at .*failing\.ts/m)
      expect(stderr).not.toContain(more)
    })
  )
})

describe("a script that goes well", () => {
  it.live("exits with 0 after all that it wrote has gone out, log lines to standard error", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* failing("nothing")
      expect(code).toBe(0)
      expect(stdout).toHaveLength(200_000)
      expect(stderr).toMatch(/level=INFO .*message="a log line"/)
      expect(stderr.trim().split("\n")).toHaveLength(1)
    })
  )
})
