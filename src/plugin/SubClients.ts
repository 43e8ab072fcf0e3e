import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type { Target } from "../transport/Target.ts"

/**
 * `SubClients` is what a plugin declares of its client: which of its members are clients in turn, or give one, each
 * with its own. All others are known by what they are themselves.
 *
 * @example
 * // `asa.rest` is a client with no other in it, and `asa.context(name)` gives one whose `hosts` are one.
 * const subClients: Promises.SubClients<Asa> = { rest: {}, context: { hosts: {} } }
 */
export type SubClients<Client> = {
  readonly [K in keyof Client as K extends EffectOnlyMember
    ? never
    : [SubClientOf<Client[K]>] extends [never]
      ? never
      : K]: SubClients<SubClientOf<Client[K]>>
}

/** `SubClientOf` is the client that a member is, or gives: none where it is data. */
type SubClientOf<M> =
  M extends Option.Option<infer A>
    ? ClientIn<A>
    : M extends Effect.Effect<infer A, infer _E, infer _R>
      ? ClientIn<A>
      : M extends Stream.Stream<infer _A, infer _E, infer _R>
        ? never
        : M extends (...given: never) => infer R
          ? R extends Effect.Effect<infer A, infer _E, infer _R>
            ? ClientIn<A>
            : R extends Stream.Stream<infer _A, infer _E, infer _R>
              ? never
              : ClientIn<R>
          : ClientIn<M>

type ClientIn<A> = A extends Option.Option<infer B> ? ClientIn<B> : IsClient<A> extends true ? A : never

/**
 * `IsClient` says whether it has something to run: an Effect, a stream, or a method that gives one; or holds what has,
 * so many objects below it.
 */
export type IsClient<A, Below extends ReadonlyArray<unknown> = [1, 2]> = A extends Data
  ? false
  : A extends object
    ? true extends { [K in keyof A]: IsRunnable<A[K]> | Holds<A[K], Below> }[keyof A]
      ? true
      : false
    : false

type Holds<M, Below extends ReadonlyArray<unknown>> = Below extends readonly [unknown, ...infer Further]
  ? M extends Runnable | ((...given: never) => unknown)
    ? false
    : IsClient<M, Further>
  : false

type IsRunnable<M> = M extends Value
  ? false
  : M extends Runnable
    ? true
    : M extends (...given: never) => infer R
      ? R extends Value
        ? false
        : R extends Runnable
          ? true
          : false
      : false

/** `Runnable` is what does its work when it is run: an Effect or a stream. */
export type Runnable = Effect.Effect<unknown, unknown, unknown> | Stream.Stream<unknown, unknown, unknown>

/** `Value` is what could be run, and is a value all the same. */
type Value = Error | Option.Option<unknown> | Either.Either<unknown, unknown>

/** `Data` are objects that mean the same to everyone. */
type Data =
  | Value
  | Target
  | Redacted.Redacted<unknown>
  | Uint8Array
  | Date
  | Duration.Duration
  | ReadonlyArray<unknown>

/** `EffectOnlyMember` is what speaks Effect alone, and what would make a promise of a client. */
export type EffectOnlyMember = "http" | "filterStatusOk" | "then"
