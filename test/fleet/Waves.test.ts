// Waves and parts of the whole, by reasoning alone.
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { describe, expect, it } from "vitest"
import * as Share from "../../src/fleet/Share.ts"
import * as Waves from "../../src/fleet/Waves.ts"

const sizes = (...given: Parameters<typeof Waves.plan>) =>
  Waves.plan(...given).map(({ from, isCanary, to }) => (isCanary ? `canary ${to - from}` : to - from))

describe("the waves of a fleet", () => {
  it.each<[string, Parameters<typeof Waves.plan>, ReadonlyArray<number | string>]>([
    ["are one where nothing is said", [7, 0, []], [7]],
    ["begin with the canary", [7, 2, []], ["canary 2", 5]],
    [
      "are numbers and parts of the whole, of which the last repeats",
      [100, 1, [4, "30%"]],
      ["canary 1", 4, 30, 30, 30, 5]
    ],
    ["are as small as a part that is no whole number", [10, 0, ["25%"]], [2, 2, 2, 2, 2]],
    ["have a device each, however small the part", [3, 0, ["1%"]], [1, 1, 1]],
    ["are only the canary where that is all", [2, 5, [1]], ["canary 2"]],
    ["are none where there are no devices", [0, 2, [1]], []]
  ])("%s", (_, given, expected) => {
    expect(sizes(...given)).toEqual(expected)
  })

  it("have each device once, in its order", () => {
    const share = FastCheck.oneof(
      FastCheck.integer({ min: 1, max: 50 }),
      FastCheck.integer({ min: 1, max: 100 }).map((percent) => `${percent}%` as const)
    )
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat(500),
        FastCheck.nat(20),
        FastCheck.array(share),
        (count, canary, waves) => {
          const planned = Waves.plan(count, canary, waves)
          expect(planned.map(({ from }) => from)).toEqual(
            [0, ...planned.map(({ to }) => to)].slice(0, planned.length)
          )
          expect(planned.at(-1)?.to ?? 0).toBe(count)
          expect(planned.every(({ from, to }) => to > from)).toBe(true)
          expect(planned.slice(1).some(({ isCanary }) => isCanary)).toBe(false)
        }
      )
    )
  })
})

describe("a part of the whole", () => {
  it.each<[Share.Share, number, number, number]>([
    ["0.7%", 1000, 7, 7],
    ["10%", 15, 1, 2],
    ["100%", 28_000, 28_000, 28_000],
    [3, 1, 3, 3]
  ])("%s of %d devices is %d, or %d", (share, count, fewer, more) => {
    expect([Share.fewer(share, count), Share.more(share, count)]).toEqual([fewer, more])
  })

  it("is none of what is nothing, more than all, or no number", () => {
    const isShare = (given: unknown) => Either.isRight(Schema.validateEither(Share.ShareConfig)(given))
    expect([1, 28_000, "1%", "0.5%", "100%"].filter((one) => !isShare(one))).toEqual([])
    const wrong = [
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      "0%",
      "101%",
      "-5%",
      "5",
      "5 %",
      "%",
      null
    ]
    expect(wrong.filter(isShare)).toEqual([])
  })
})
