// A store in a test's own time, shared by processes that can be killed. It holds one login.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type TokenStore, TokenStoreFailed } from "sallyport"
import type { Token } from "sallyport/plugin"
import type { VirtualProcess } from "./virtualProcess.ts"
import type { VirtualTime } from "./virtualTime.ts"

export type Policy = Pick<TokenStore.Slot, "whenLastCloses" | "leftBehind">

export class VirtualStore {
  /** Of these the next one fails, or finds something damaged. */
  readonly faults = new Set<"write" | "read" | "enter">()
  kept: TokenStore.StoredToken | undefined
  private owner: { readonly process: VirtualProcess } | undefined
  private sessions = 0
  private readonly holders = new Map<string, VirtualProcess>()
  private readonly time: VirtualTime
  /** The tokens that a fault has damaged. */
  readonly lost: Array<TokenStore.StoredToken> = []

  constructor(time: VirtualTime) {
    this.time = time
  }

  of(process: VirtualProcess, policy: Policy): TokenStore.Service {
    return {
      openSlot: (_, report) =>
        Effect.sync((): TokenStore.Slot => {
          const holder = `session ${++this.sessions}`
          this.holders.set(holder, process)
          return {
            ...policy,
            holder,
            isAlive: (name) => Effect.sync(() => this.holders.get(name)?.isAlive === true),
            withLock: (use, wait = "150 seconds") => {
              const me = { process }
              return Effect.acquireUseRelease(
                this.acquire(me, this.time.now + Duration.toMillis(wait)),
                () => use(this.lockedSlot(me, report)),
                () =>
                  Effect.sync(() => {
                    if (this.owner === me) this.owner = undefined
                  })
              )
            }
          }
        })
    }
  }

  private acquire(
    me: { readonly process: VirtualProcess },
    until: number
  ): Effect.Effect<void, TokenStoreFailed> {
    return Effect.suspend(() => {
      if (this.faults.delete("enter")) return Effect.fail(failed("Unusable"))
      if (this.owner?.process.isAlive !== true) {
        this.owner = me
        return Effect.void
      }
      if (this.time.now >= until) return Effect.fail(failed("Locked"))
      return Effect.zipRight(Effect.sleep("20 millis"), this.acquire(me, until))
    })
  }

  private lockedSlot(
    me: { readonly process: VirtualProcess },
    report: (trouble: TokenStoreFailed) => Effect.Effect<void>
  ): TokenStore.LockedSlot {
    const change = (kept: TokenStore.StoredToken | undefined) =>
      Effect.suspend(() => {
        if (this.owner !== me) return Effect.fail(failed("LockLost"))
        if (this.faults.delete("write")) return Effect.fail(failed("Unusable"))
        this.kept = kept
        return Effect.void
      })
    return {
      read: Effect.suspend(() => {
        if (this.faults.delete("read")) {
          if (this.kept !== undefined) this.lost.push(this.kept)
          this.kept = undefined
          return Effect.as(report(failed("Torn")), undefined)
        }
        return Effect.succeed(this.kept && { ...this.kept, token: this.read(this.kept.token) })
      }),
      write: change,
      clear: change(undefined)
    }
  }

  /** As another process would read it: with the wall clock alone. */
  private read(token: Token.Token): Token.Token {
    const elapsed = this.time.unsafeCurrentTimeMillis() - token.issued.wall
    const monotonic = elapsed < 0 ? Number.NEGATIVE_INFINITY : this.time.now - elapsed
    return { ...token, issued: { wall: token.issued.wall, monotonic } }
  }
}

const failed = (reason: TokenStoreFailed["reason"]) =>
  new TokenStoreFailed({ targetName: "scripted", reason, path: "memory" })
