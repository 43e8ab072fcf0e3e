import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

/**
 * A client as scripts have it that don't write Effect: what is an Effect becomes a method that gives a promise, a stream
 * becomes something for `for await`, an `Option` the value or `undefined`. The client's `http` and `accepted`, which
 * speak Effect alone, are left out: `rest.request` takes their place.
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

type LeftOut = "http" | "accepted"
const leftOut: ReadonlySet<string> = new Set<LeftOut>(["http", "accepted"])

/** How a script's calls are run. */
export interface Runner {
  readonly promise: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
  readonly iterable: <A, E>(stream: Stream.Stream<A, E>) => AsyncIterable<A>
}

/** The plain form of a client. */
export const plain = <T>(client: T, runner: Runner): Plain<T> => {
  const of = (value: unknown): unknown => {
    if (Option.isOption(value)) return of(Option.getOrUndefined(value))
    if (Effect.isEffect(value)) return () => promised(value)
    if (isStream(value)) return () => runner.iterable(value)
    if (typeof value === "function") return (...given: ReadonlyArray<unknown>) => result(value(...given))
    return isClient(value) ? mapped(value) : value
  }

  const result = (value: unknown): unknown => {
    if (Option.isOption(value)) return of(value)
    if (Effect.isEffect(value)) return promised(value)
    return isStream(value) ? runner.iterable(value) : of(value)
  }

  // A client needs nothing that its opening has not given it.
  const promised = async (effect: Effect.Effect<unknown, unknown, unknown>): Promise<unknown> =>
    of(await runner.promise(effect as Effect.Effect<unknown, unknown>))

  const mapped = (value: object) =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => (leftOut.has(key) ? [] : [[key, of(member)]]))
    )

  // Built member by member, as the type above says.
  return of(client) as Plain<T>
}

/** What a device sends has no methods: it is handed on as it is. */
const isClient = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.values(value).some(
    (member) =>
      typeof member === "function" ||
      (Effect.isEffect(member) && !Option.isOption(member) && !Redacted.isRedacted(member)) ||
      isStream(member) ||
      isClient(member)
  )

const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> =>
  Predicate.hasProperty(value, Stream.StreamTypeId)
