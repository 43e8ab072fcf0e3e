import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { CallSite } from "./CallSite.ts"
import type { Runner } from "./Runner.ts"

/**
 * `PromiseList` is read as it comes, page by page: by `for await`, or at once by `toArray`. It is no promise: to await
 * it reads nothing, and where it is printed, or made JSON of, it says so.
 */
export interface PromiseList<A> extends AsyncIterable<A> {
  /** `toArray` reads all of it. */
  readonly toArray: () => Promise<Array<A>>
}

/** `listOf` gives a list of what an async generator gives, which is begun by each loop anew. */
export const listOf = <A>(begin: () => AsyncGenerator<A, void>): PromiseList<A> =>
  new UnreadList(async () => {
    const all: Array<A> = []
    for await (const one of begin()) all.push(one)
    return all
  }, begin)

/** `toPromiseList` gives a stream to scripts without Effect. Each loop over it begins anew. */
export const toPromiseList = <A, E>(
  stream: Stream.Stream<A, E>,
  runner: Runner,
  site: CallSite
): PromiseList<A> =>
  new UnreadList(
    () => runner.promise(Effect.map(Stream.runCollect(stream), Chunk.toArray), { site }),
    () => makeIterator(stream, runner, site)
  )

/** `rejected` serves both who awaits it and who reads it: the method did not come to say which of the two it is. */
export const rejected = (error: unknown): Promise<never> & PromiseList<never> => {
  const promise = Promise.reject<never>(error)
  return Object.assign(promise, {
    toArray: () => promise,
    [Symbol.asyncIterator]: () => ({ next: () => promise })
  })
}

const notice =
  "[a list that was not read: `for await (const one of list)` reads it, or `await list.toArray()`]"

class UnreadList<A> implements PromiseList<A> {
  readonly #toArray: () => Promise<Array<A>>
  readonly #iterator: () => AsyncIterator<A>
  constructor(toArray: () => Promise<Array<A>>, iterator: () => AsyncIterator<A>) {
    this.#toArray = toArray
    this.#iterator = iterator
  }
  toArray(): Promise<Array<A>> {
    return this.#toArray()
  }
  [Symbol.asyncIterator](): AsyncIterator<A> {
    return this.#iterator()
  }
  toString(): string {
    return notice
  }
  toJSON(): string {
    return notice
  }
  // For Node's and Bun's console.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return notice
  }
  [Symbol.for("Deno.customInspect")](): string {
    return notice
  }
}

// A script that takes it for an array would find it empty, and go on.
for (const member of [
  "length",
  "at",
  "map",
  "filter",
  "find",
  "forEach",
  "some",
  "every",
  "reduce",
  Symbol.iterator
])
  Object.defineProperty(UnreadList.prototype, member, {
    get: () => {
      throw refuseInput(
        "list",
        "it is no array, and nothing of it was read; read it by for await (const one of list), or by await list.toArray()."
      )
    }
  })

const finished = { done: true, value: undefined } as const

/** `makeIterator` asks for a page when the one before has been read. */
const makeIterator = <A, E>(
  stream: Stream.Stream<A, E>,
  runner: Runner,
  site: CallSite
): AsyncIterator<A> => {
  let scope: Scope.CloseableScope | undefined
  const left = new AbortController()
  const run = <B, F>(effect: Effect.Effect<B, F>) => runner.promise(effect, { site, signal: left.signal })
  let page: ReadonlyArray<A> = []
  let at = 0
  let pull: Effect.Effect<Chunk.Chunk<A>, Option.Option<E>> | undefined
  let end: Promise<void> | undefined

  const close = (): Promise<void> => {
    left.abort()
    end ??= runner.promise(scope === undefined ? Effect.void : Scope.close(scope, Exit.void), { site })
    return end
  }

  const step = async (): Promise<IteratorResult<A>> => {
    try {
      while (at >= page.length) {
        if (end !== undefined) return finished
        scope ??= await run(Scope.make())
        pull ??= await run(Scope.extend(Stream.toPull(stream), scope))
        const next = await run(
          Effect.catchAll(
            Effect.asSome(pull),
            Option.match({ onNone: () => Effect.succeedNone, onSome: Effect.fail })
          )
        )
        if (Option.isNone(next)) await close()
        else {
          page = Chunk.toReadonlyArray(next.value)
          at = 0
        }
      }
      // It was asked before, and there is an element at this place.
      return { done: false, value: page[at++] as A }
    } catch (error) {
      // Whoever has left the loop waits for nothing any more.
      if (left.signal.aborted) return finished
      await close()
      throw error
    }
  }

  // One after the other, also where somebody asks for the next before there is this one.
  let last: Promise<unknown> = Promise.resolve()
  return {
    next: () => {
      const turn = last.then(step)
      last = turn.catch(() => undefined)
      return turn
    },
    return: async () => {
      page = []
      await close()
      return finished
    }
  }
}
