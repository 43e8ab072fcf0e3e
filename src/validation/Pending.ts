import * as Predicate from "effect/Predicate"
import { refuseInput } from "./RefuseInput.ts"

// What is still to come has none of the members of what comes of it: a script in JavaScript that takes it for that would
// go on with `undefined`, or end by words that name neither.

/** `Guard` has something that is still to come tell so whoever takes a member of what comes of it. */
export type Guard = <A extends object>(given: A) => A

/** `effectOf` is that of Effects, by these members and by those that most results have. */
export const effectOf = (members: ReadonlyArray<PropertyKey> = []): Guard =>
  guard(members, "it was asked of an Effect, and what comes of that has it; take that by yield* first.")

/** `promiseOf` is that of promises. */
export const promiseOf = (members: ReadonlyArray<PropertyKey> = []): Guard =>
  guard(members, "it was asked of a promise, and what comes of that has it; await it first.")

/** `stream` is that of streams, by the members that a list has. */
export const stream: Guard = guard(
  [],
  "it was asked of a stream, of which nothing was read; read it by Stream.runForEach, or all of it by yield* Stream.runCollect(…)."
)

/** `ofResults` are members of lists, and of what a device keeps. */
const ofResults = [
  ...["length", "at", "map", "filter", "find", "forEach", "some", "every", "reduce", "toArray"],
  ...["id", "name", "type", "change", "item"]
]

/**
 * `guard` puts what tells between an object and its prototype, once for each prototype: the engine knows all that have
 * it as of one form.
 */
function guard(members: ReadonlyArray<PropertyKey>, sentence: string): Guard {
  const made = new WeakMap<object, object>()
  return (given) => {
    if (!Predicate.isObject(given))
      throw refuseInput("given", "nothing comes of it; give an Effect, a stream or a promise.")
    const prototype: object | null = Object.getPrototypeOf(given)
    if (prototype === null || guards.has(prototype) || given instanceof Error) return given
    const known = made.get(prototype) ?? telling(prototype, [...ofResults, ...members], sentence)
    made.set(prototype, known)
    return Object.setPrototypeOf(given, known)
  }
}

const telling = (prototype: object, members: ReadonlyArray<PropertyKey>, sentence: string): object => {
  const made: object = Object.create(prototype)
  for (const member of [...members, Symbol.iterator, Symbol.asyncIterator]) {
    // What it has itself, such as the iterator by which yield* takes an Effect, is its own.
    if (member in prototype) continue
    Object.defineProperty(made, member, {
      configurable: true,
      get(this: unknown) {
        // Nobody is there to see what becomes of it.
        if (this instanceof Promise) this.catch(() => undefined)
        throw refuseInput(
          typeof member === "symbol" ? (symbolNames[member.description ?? ""] ?? "it") : String(member),
          sentence
        )
      }
    })
  }
  guards.add(made)
  return made
}

const symbolNames: Readonly<Record<string, string>> = {
  "Symbol.iterator": "list",
  "Symbol.asyncIterator": "list",
  "Symbol.asyncDispose": "close"
}

const guards = new WeakSet<object>()
