import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

/**
 * A client as scripts have it that don't write Effect: what is an Effect becomes a method that gives a promise, a stream
 * becomes something for `for await`, an `Option` the value or `undefined`. The client's `http` and `accepted`, which
 * speak Effect alone, are left out: `rest.request` takes their place. So is a `then`, which would make a promise of it.
 *
 * A client may be an object or of a class. Data, which has no methods, is handed on as it is, but for an `Option` in a
 * field of an object; within an array or a map that stays. What a method throws when it is called rejects, as what it
 * fails with later does.
 */
export type Plain<T> =
  T extends Option.Option<infer A>
    ? Plain<A> | undefined
    : T extends Untouched
      ? T
      : T extends Effect.Effect<infer A, infer _E, infer _R>
        ? () => Promise<Plain<A>>
        : T extends Stream.Stream<infer A, infer _E, infer _R>
          ? () => AsyncIterable<A>
          : T extends (...given: infer Given) => infer Result
            ? (...given: Given) => PlainResult<Result>
            : // A mapped type with an "as" makes an object without methods of it.
              T extends ReadonlyArray<unknown>
              ? T
              : T extends object
                ? { readonly [K in keyof T as K extends LeftOut ? never : K]: Plain<T[K]> }
                : T

type PlainResult<T> =
  T extends Option.Option<infer A>
    ? Plain<A> | undefined
    : T extends Effect.Effect<infer A, infer _E, infer _R>
      ? Promise<Plain<A>>
      : T extends Stream.Stream<infer A, infer _E, infer _R>
        ? AsyncIterable<A>
        : Plain<T>

/** Values that mean the same to everyone. */
type Untouched = Redacted.Redacted<unknown> | Uint8Array | Date | Duration.Duration | Error

type LeftOut = "http" | "accepted" | "then"
const leftOut: ReadonlySet<string> = new Set<LeftOut>(["http", "accepted", "then"])

/** How a script's calls are run. */
export interface Runner {
  readonly promise: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
  readonly iterable: <A, E>(stream: Stream.Stream<A, E>) => AsyncIterable<A>
}

/** The plain form of a client. */
export const plain = <T>(client: T, runner: Runner): Plain<T> => {
  const made = new Map<object, object>()

  const of = (value: unknown, owner?: object): unknown => {
    if (Option.isOption(value)) return of(Option.getOrUndefined(value))
    if (Effect.isEffect(value)) return () => promised(value)
    if (isStream(value)) return () => runner.iterable(value)
    if (typeof value === "function") {
      return (...given: ReadonlyArray<unknown>) => {
        try {
          return result(Reflect.apply(value, owner, given))
        } catch (error) {
          return rejected(error)
        }
      }
    }
    return isClient(value) ? mapped(value) : value
  }

  const result = (value: unknown): unknown => {
    if (Option.isOption(value)) return of(value)
    if (Effect.isEffect(value)) return promised(value)
    return isStream(value) ? runner.iterable(value) : of(value)
  }

  // A client needs nothing that its opening has not given it.
  const promised = (effect: Effect.Effect<unknown, unknown, unknown>): Promise<unknown> =>
    runner.promise(Effect.map(effect as Effect.Effect<unknown, unknown>, (value) => of(value)))

  // Once each: the parts of a client may know each other.
  const mapped = (value: object): object => {
    const known = made.get(value)
    if (known !== undefined) return known
    const whole: Record<string, unknown> = {}
    made.set(value, whole)
    for (const [key, member] of membersOf(value)) whole[key] = of(member, value)
    return whole
  }

  // Built member by member, as the type above says.
  return of(client) as Plain<T>
}

/** For who awaits it, and for who reads it with `for await`: the method did not come to say which of the two it is. */
const rejected = (error: unknown): Promise<never> & AsyncIterable<never> => {
  const promise = Promise.reject<never>(error)
  return Object.assign(promise, { [Symbol.asyncIterator]: () => ({ next: () => promise }) })
}

/** What a device sends has no methods: it is handed on as it is. */
const isClient = (value: unknown, within: ReadonlyArray<unknown> = []): value is object => {
  if (typeof value !== "object" || value === null || within.includes(value)) return false
  const members = membersOf(value).map(([, member]) => member)
  return members.some(isEffectful) || members.some((member) => isClient(member, [...within, value]))
}

// An Option is an Effect too.
const isEffectful = (member: unknown): boolean =>
  typeof member === "function" || Effect.isEffect(member) || isStream(member)

/** An object's members, those of its classes too; none of what the language or Effect made, such as a date. */
const membersOf = (value: object): ReadonlyArray<readonly [string, unknown]> => {
  const keys = new Set(Object.keys(value))
  let prototype: object | null = Object.getPrototypeOf(value)
  for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (prototype === null || !isOwnClass(prototype)) return []
    for (const key of Object.getOwnPropertyNames(prototype)) keys.add(key)
  }
  return [...keys]
    .filter((key) => !leftOut.has(key) && !(key in Object.prototype))
    .map((key) => [key, Reflect.get(value, key)])
}

/** Effect's data has prototypes without a class; what is global belongs to the language or the runtime. */
const isOwnClass = (prototype: object): boolean =>
  Object.hasOwn(prototype, "constructor") &&
  Reflect.get(globalThis, prototype.constructor.name) !== prototype.constructor

const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> =>
  Predicate.hasProperty(value, Stream.StreamTypeId)
