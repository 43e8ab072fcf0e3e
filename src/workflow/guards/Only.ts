import { few } from "../../validation/Few.ts"
import { printable } from "../plan/PlanWords.ts"

/** `Only` says what a run may touch. What is left out is not asked for. */
export interface Only {
  /** `devices` are the names of targets, exact, or with `*` for whatever stands there. */
  readonly devices?: ReadonlyArray<string> | undefined
  /** `kinds` are the kinds of objects, such as `Host`. */
  readonly kinds?: ReadonlyArray<string> | undefined
  /** `names` are those of objects; of one that is renamed both. What has no name is only within `*`. */
  readonly names?: ReadonlyArray<string> | undefined
}

/** `Touched` is an object that a run would touch. */
export interface Touched {
  readonly device: string
  readonly kind: string
  readonly names: ReadonlyArray<string>
}

/** `outside` gives a sentence that names the objects that are not to be touched; `undefined` where there is none. */
export const outside = (only: Only, objects: ReadonlyArray<Touched>): string | undefined => {
  const isWithin = within(only)
  const others = objects.filter((one) => !isWithin(one))
  if (others.length === 0) return undefined
  const shown = others.map(({ device, kind, names: [name] }) => {
    const object = name === undefined ? `${kind} without a name` : `${kind} ${name}`
    return printable(`${object} on ${device}`)
  })
  return few(shown, maxShown)
}

const maxShown = 5

const within = ({ devices, kinds, names }: Only): ((object: Touched) => boolean) => {
  const [isDevice, isKind, isName] = [devices, kinds, names].map(matcher)
  return ({ device, kind, names: own }) =>
    isDevice?.(device) !== false &&
    isKind?.(kind) !== false &&
    (own.length === 0 ? [""] : own).every((name) => isName?.(name) !== false)
}

const matcher = (patterns: ReadonlyArray<string> | undefined) => {
  if (patterns === undefined) return undefined
  const expressions = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split(/\*+/)
          .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"))
          .join(".*")}$`,
        "su"
      )
  )
  return (text: string) => expressions.some((one) => one.test(text))
}
