import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import type { EffectOnlyMember, IsClient, Runnable, SubClients } from "../plugin/SubClients.ts"
import * as Pending from "../validation/Pending.ts"
import * as CallSite from "./CallSite.ts"
import * as PromiseList from "./PromiseList.ts"
import type { Runner } from "./Runner.ts"

/**
 * `PromiseClient` is a client as scripts have it that don't write Effect: what is an Effect becomes a method that gives
 * a promise, a stream becomes a list for `for await`, an `Option` the value or `undefined`, and a client in it is a
 * client of this form, too. The client's `http` and `filterStatusOk`, which speak Effect alone, are left out:
 * `rest.request` takes their place. So is a `then`, which would make a promise of it.
 *
 * A client may be an object or of a class. Whatever else it has or gives is data, and is handed on untouched. What a
 * method throws when it is called rejects, as what it fails with later does.
 */
export type PromiseClient<Client> = {
  readonly [K in keyof Client as K extends EffectOnlyMember ? never : K]: Member<Client[K]>
}

type Member<M> =
  M extends Option.Option<unknown>
    ? Resolved<M>
    : M extends Runnable
      ? () => Returned<M>
      : M extends (...given: infer Arguments) => infer Result
        ? (...given: Arguments) => Returned<Result>
        : Resolved<M>

type Returned<R> =
  R extends Option.Option<unknown>
    ? Resolved<R>
    : R extends Effect.Effect<infer A, infer _E, infer _R>
      ? Promise<Resolved<A>>
      : R extends Stream.Stream<infer A, infer _E, infer _R>
        ? PromiseList.PromiseList<A>
        : Resolved<R>

type Resolved<A> =
  A extends Option.Option<infer B> ? Resolved<B> | undefined : IsClient<A> extends true ? PromiseClient<A> : A

const effectOnlyMembers: ReadonlySet<string> = new Set<EffectOnlyMember>(["http", "filterStatusOk", "then"])

/** `AnySubClients` are those of a client whose type is not known. */
interface AnySubClients {
  readonly [member: string]: AnySubClients
}

/** `defaultSubClients` are those of a client that declares none. */
const defaultSubClients: AnySubClients = { session: {}, rest: {} }

/** `toPromiseClient` gives a client with promises, by what its plugin declares of it. */
export const toPromiseClient = <Client>(
  client: Client,
  subClients: SubClients<Client>,
  runner: Runner
): PromiseClient<Client> =>
  // Built member by member, as the types above say.
  toPromiseClientBy(client, subClients as AnySubClients, runner) as PromiseClient<Client>

/** `toPluginClient` does the same for the client of a plugin of whatever kind. */
export const toPluginClient = (
  { subClients = defaultSubClients }: Pick<AnyPlugin, "subClients"> = {},
  client: unknown,
  runner: Runner
): unknown =>
  // The plugin's own types hold its sub-clients to be those of its client.
  toPromiseClientBy(client, subClients as AnySubClients, runner)

const toPromiseClientBy = (client: unknown, subClients: AnySubClients, runner: Runner): unknown => {
  const made = new WeakMap<object, object>()

  const member = (value: unknown, owner: object, subClients: AnySubClients | undefined): unknown => {
    if (Option.isOption(value)) return given(value, subClients)
    const pending = subClients === undefined ? pendingData : Pending.promiseOf(Object.keys(subClients))
    const isRunnable = Effect.isEffect(value) || isStream(value)
    if (!isRunnable && typeof value !== "function") return given(value, subClients)
    const call = (...given: ReadonlyArray<unknown>) => {
      const site = CallSite.callerOf(call)
      try {
        const result = isRunnable ? value : Reflect.apply(value, owner, given)
        return returned(result, subClients, site, pending)
      } catch (error) {
        return PromiseList.rejected(CallSite.attributed(error, site))
      }
    }
    return call
  }

  const returned = (
    value: unknown,
    subClients: AnySubClients | undefined,
    site: CallSite.CallSite,
    pending: Pending.Guard
  ): unknown => {
    if (Option.isOption(value)) return given(value, subClients)
    if (Effect.isEffect(value)) return pending(promised(value, subClients, site))
    return isStream(value) ? PromiseList.toPromiseList(value, runner, site) : given(value, subClients)
  }

  // A client needs nothing that its opening has not given it.
  const promised = (
    effect: Effect.Effect<unknown, unknown, unknown>,
    subClients: AnySubClients | undefined,
    site: CallSite.CallSite
  ): Promise<unknown> =>
    runner.promise(
      Effect.map(effect as Effect.Effect<unknown, unknown>, (value) => given(value, subClients)),
      { site }
    )

  /** `given` lets data go by untouched, whatever it is. */
  const given = (value: unknown, subClients: AnySubClients | undefined): unknown => {
    if (Option.isOption(value)) return given(Option.getOrUndefined(value), subClients)
    return subClients !== undefined && typeof value === "object" && value !== null
      ? mapped(value, subClients)
      : value
  }

  // Once each: the clients in a client may know each other.
  const mapped = (value: object, subClients: AnySubClients): object => {
    const known = made.get(value)
    if (known !== undefined) return known
    const whole: Record<string, unknown> = {}
    made.set(value, whole)
    for (const name of membersOf(value)) {
      whole[name] = member(
        Reflect.get(value, name),
        value,
        Object.hasOwn(subClients, name) ? subClients[name] : undefined
      )
    }
    return whole
  }

  return given(client, subClients)
}

/** `membersOf` gives the names of a client's members, those of its classes too. */
const membersOf = (client: object): ReadonlySet<string> => {
  const names = new Set(Object.keys(client))
  let prototype: object | null = Object.getPrototypeOf(client)
  for (; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name)
  }
  for (const name of names) if (effectOnlyMembers.has(name) || name in Object.prototype) names.delete(name)
  return names
}

const pendingData = Pending.promiseOf()

const isStream = (value: unknown): value is Stream.Stream<unknown, unknown> =>
  Predicate.hasProperty(value, Stream.StreamTypeId)
