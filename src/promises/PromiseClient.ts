import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { IsClient, LeftOut, Parts } from "../plugin/SubClients.ts"
import * as CallSite from "./CallSite.ts"
import * as PlainList from "./PromiseList.ts"

/**
 * A client as scripts have it that don't write Effect: what is an Effect becomes a method that gives a promise, a stream
 * becomes a list for `for await`, an `Option` the value or `undefined`, and a client in it is a client of this form, too.
 * The client's `http` and `accepted`, which speak Effect alone, are left out: `rest.request` takes their place. So is a
 * `then`, which would make a promise of it.
 *
 * A client may be an object or of a class. Whatever else it has or gives is data, and is handed on untouched. What a
 * method throws when it is called rejects, as what it fails with later does.
 */
export type Plain<Client> = {
  readonly [K in keyof Client as K extends LeftOut ? never : K]: Member<Client[K]>
}

type Member<M> =
  M extends Option.Option<infer A>
    ? Given<A> | undefined
    : M extends Effect.Effect<infer A, infer _E, infer _R>
      ? () => Promise<Given<A>>
      : M extends Stream.Stream<infer A, infer _E, infer _R>
        ? () => PlainList.PlainList<A>
        : M extends (...given: infer Arguments) => infer Result
          ? (...given: Arguments) => Returned<Result>
          : Given<M>

type Returned<R> =
  R extends Option.Option<infer A>
    ? Given<A> | undefined
    : R extends Effect.Effect<infer A, infer _E, infer _R>
      ? Promise<Given<A>>
      : R extends Stream.Stream<infer A, infer _E, infer _R>
        ? PlainList.PlainList<A>
        : Given<R>

type Given<A> =
  A extends Option.Option<infer B> ? Given<B> | undefined : IsClient<A> extends true ? Plain<A> : A

const leftOut: ReadonlySet<string> = new Set<LeftOut>(["http", "accepted", "then"])

/** How a script's calls are run. */
export interface Runner {
  readonly promise: <A, E>(
    effect: Effect.Effect<A, E>,
    options: { readonly site: CallSite.CallSite; readonly signal?: AbortSignal }
  ) => Promise<A>
}

/** Parts of whatever client. */
export interface AnyParts {
  readonly [member: string]: AnyParts
}

/** Of a client that declares none. */
export const usualParts = { session: {}, rest: {} } as const

/** The plain form of a client, by what its plugin declares of it. */
export const plain = <Client>(client: Client, parts: Parts<Client>, runner: Runner): Plain<Client> =>
  // Built member by member, as the types above say.
  plainBy(client, parts as AnyParts, runner) as Plain<Client>

/** The same for a client whose type is not known. */
export const plainBy = (client: unknown, parts: AnyParts, runner: Runner): unknown => {
  const made = new WeakMap<object, object>()

  const member = (value: unknown, owner: object, parts: AnyParts | undefined): unknown => {
    if (Option.isOption(value)) return given(value, parts)
    if (Effect.isEffect(value)) {
      const call = () => promised(value, parts, CallSite.above(call))
      return call
    }
    if (isStream(value)) {
      const call = () => PlainList.make(value, runner, CallSite.above(call))
      return call
    }
    if (typeof value !== "function") return given(value, parts)
    const call = (...given: ReadonlyArray<unknown>) => {
      const site = CallSite.above(call)
      try {
        return returned(Reflect.apply(value, owner, given), parts, site)
      } catch (error) {
        return PlainList.rejected(CallSite.blamed(error, site))
      }
    }
    return call
  }

  const returned = (value: unknown, parts: AnyParts | undefined, site: CallSite.CallSite): unknown => {
    if (Option.isOption(value)) return given(value, parts)
    if (Effect.isEffect(value)) return promised(value, parts, site)
    return isStream(value) ? PlainList.make(value, runner, site) : given(value, parts)
  }

  // A client needs nothing that its opening has not given it.
  const promised = (
    effect: Effect.Effect<unknown, unknown, unknown>,
    parts: AnyParts | undefined,
    site: CallSite.CallSite
  ): Promise<unknown> =>
    runner.promise(
      Effect.map(effect as Effect.Effect<unknown, unknown>, (value) => given(value, parts)),
      { site }
    )

  /** Data goes by untouched, whatever it is. */
  const given = (value: unknown, parts: AnyParts | undefined): unknown => {
    if (Option.isOption(value)) return given(Option.getOrUndefined(value), parts)
    return parts !== undefined && typeof value === "object" && value !== null ? mapped(value, parts) : value
  }

  // Once each: the parts of a client may know each other.
  const mapped = (value: object, parts: AnyParts): object => {
    const known = made.get(value)
    if (known !== undefined) return known
    const whole: Record<string, unknown> = {}
    made.set(value, whole)
    for (const name of membersOf(value)) {
      whole[name] = member(
        Reflect.get(value, name),
        value,
        Object.hasOwn(parts, name) ? parts[name] : undefined
      )
    }
    return whole
  }

  return given(client, parts)
}

/** The names of a client's members, those of its classes too. */
const membersOf = (client: object): ReadonlySet<string> => {
  const names = new Set(Object.keys(client))
  let prototype: object | null = Object.getPrototypeOf(client)
  for (; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name)
  }
  for (const name of names) if (leftOut.has(name) || name in Object.prototype) names.delete(name)
  return names
}

const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> =>
  Predicate.hasProperty(value, Stream.StreamTypeId)
