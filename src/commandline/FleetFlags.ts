import * as Effect from "effect/Effect"
import type { ChoiceOptions, FleetOptions } from "../fleet/FleetOptions.ts"
import type { Share } from "../fleet/Share.ts"
import type { Inventory } from "../inventory/Contents.ts"
import { fromFile } from "../inventory/Reading.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { Arguments } from "./Arguments.ts"
import { asUsage, refuse, WrongUsage } from "./WrongUsage.ts"

type Given = Pick<Arguments, "values">

/** `isFleet` says that a workflow is to run on devices of an inventory, one by one. */
export const isFleet = ({ values }: Given, parts: object): boolean =>
  values.has("inventory") && Object.keys(parts).length === 1

const ofFleets = ["tag", "concurrency", "canary", "wave", "stop-after", "rerun"]

/** `check` refuses flags that are for fleets where there is none. */
export const check = (given: Given, parts: object): Effect.Effect<void, WrongUsage> => {
  if (isFleet(given, parts)) return Effect.void
  const sentences = ofFleets
    .filter((flag) => given.values.has(flag))
    .map((flag) =>
      given.values.has("inventory")
        ? `--${flag}: it is for a workflow of one part, which runs on each device; this one has ${Object.keys(parts).join(", ")}.`
        : `--${flag}: it is for the devices of an inventory; give --inventory FILE.`
    )
  return sentences.length === 0 ? Effect.void : new WrongUsage({ sentences })
}

/** `inventoryOf` reads the inventory. Fails with `WrongUsage`, which tells what is wrong in it. */
export const inventoryOf = (
  { values }: Given,
  plugins: ReadonlyArray<AnyPlugin>
): Effect.Effect<Inventory, WrongUsage> => {
  const [path] = values.get("inventory") ?? []
  return path === undefined ? refuse("--inventory: give its file.") : asUsage(fromFile(path, { plugins }))
}

/**
 * `choiceOf` says which devices of the inventory, and on how many at once. A device may be given with the part that it
 * plays, as in a workflow of several.
 */
export const choiceOf = ({ values }: Given, parts: object): Effect.Effect<ChoiceOptions, WrongUsage> => {
  const [part] = Object.keys(parts)
  const select = [
    ...(values.get("device") ?? []).map((text) =>
      text.startsWith(`${part}=`) ? text.slice(`${part}=`.length) : text
    ),
    ...(values.get("tag") ?? []).map((tag) => (tag.startsWith("!") ? `!tag:${tag.slice(1)}` : `tag:${tag}`))
  ]
  const [concurrency] = values.get("concurrency") ?? []
  if (concurrency !== undefined && !/^[1-9]\d{0,3}$/.test(concurrency))
    return refuse(`--concurrency: ${concurrency} is no number of devices; give a whole one, 1 to 9999.`)
  return Effect.succeed({
    ...(select.length > 0 && { select }),
    ...(concurrency !== undefined && { concurrency: Number(concurrency) })
  })
}

/** `orderOf` says in which order they are come to, and what stops it. */
export const orderOf = ({
  values
}: Given): Effect.Effect<Pick<FleetOptions, "canary" | "waves" | "stopAfter">, WrongUsage> =>
  Effect.gen(function* () {
    const shares = (flag: string) =>
      Effect.forEach(values.get(flag) ?? [], (text): Effect.Effect<Share, WrongUsage> => {
        if (/^[1-9]\d{0,8}$/.test(text)) return Effect.succeed(Number(text))
        return isPart(text)
          ? Effect.succeed(text)
          : refuse(
              `--${flag}: ${text} is no number of devices; give one, or a part of all of them, such as 25%.`
            )
      })
    const [canary] = yield* shares("canary")
    const waves = yield* shares("wave")
    const [stopAfter] = yield* shares("stop-after")
    return {
      ...(canary !== undefined && { canary }),
      ...(waves.length > 0 && { waves }),
      ...(stopAfter !== undefined && { stopAfter })
    }
  })

const isPart = (text: string): text is `${number}%` =>
  /^\d{1,3}(\.\d+)?%$/.test(text) && Number.parseFloat(text) > 0 && Number.parseFloat(text) <= 100
