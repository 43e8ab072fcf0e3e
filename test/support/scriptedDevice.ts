// A device in memory for the model of a session: it behaves like an FMC at its strictest (a refresh kills the old
// pair at once), goes wrong as it is told, and writes down each thing that a session must never do.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { CredentialsRefused, DeviceBusy, DeviceRefused, DeviceUnreachable, Target } from "sallyport"
import { type AuthProvider, type Reply, type Token, Traffic } from "sallyport/plugin"
import type { VirtualTime } from "./virtualTime.ts"

export type Kind = "credentials" | "login" | "refresh" | "revoke" | "call"

interface Login {
  readonly id: number
  readonly username: string
  access: string
  refresh: string
  expires: number
  alive: boolean
  /** Nobody can log it out: the answer that brought its token was lost, or the device did not take the logout. */
  excused: boolean
}

/** An exchange under way. */
interface Exchange {
  readonly client: ScriptedClient
  readonly kind: Kind
}

type Lost = DeviceUnreachable | DeviceBusy

const name = "scripted"

// What a closing leaves at least for its logout.
const leastForLogout = 1900

export class ScriptedDevice {
  mood: "up" | "down" | "busy" = "up"
  /** Of a whole exchange, in milliseconds: half there, half back. */
  latency = 0
  password = "first"
  /** What the session is told to log in with. */
  given = "first"
  /** Whose account that is. */
  username = "api"
  refusesRefreshes = false
  /** Of these kinds the next exchange never ends, or loses its answer once the work is done. */
  readonly hangs = new Set<Kind>()
  readonly loses = new Set<Kind>()
  evictions = 0
  /** Whether all who renew share what they have, so that no two may renew at a time. */
  isShared = true
  /** Whether each session knows all that became of its refresh token, and so has no reason to log in beside it. */
  isOnlyOne = true
  readonly violations: Array<string> = []
  readonly logins: Array<Login> = []
  private readonly refused = new Set<string>()
  private readonly usedRefreshes = new Set<string | undefined>()
  readonly renewals = new Set<Exchange>()
  private tokens = 0
  readonly time: VirtualTime
  readonly lifetime: number | undefined
  readonly refreshes: number

  constructor(
    time: VirtualTime,
    options: { readonly lifetime: number | undefined; readonly refreshes: number }
  ) {
    this.time = time
    this.lifetime = options.lifetime
    this.refreshes = options.refreshes
  }

  /** Someone else logs in with the account. */
  evict(): void {
    this.evictions++
    for (const login of this.logins) login.alive = false
  }

  /** The logins that a logout could have ended and that are open. */
  get open(): ReadonlyArray<string> {
    return this.logins
      .filter(({ alive, excused, expires }) => alive && !excused && this.time.now < expires)
      .map(({ access }) => access)
  }

  /** A process that was killed: nobody knows what it had and had not written down. */
  killed(client: ScriptedClient, kept: ReadonlyArray<string>): void {
    for (const one of this.renewals) if (one.client === client) this.renewals.delete(one)
    for (const login of this.logins) if (!kept.includes(login.access)) login.excused = true
  }

  /** Nobody can know of it any more. */
  excuse(access: string): void {
    for (const login of this.logins) if (login.access === access) login.excused = true
  }

  loggedIn(username: string, password: string): Effect.Effect<Login, CredentialsRefused> {
    if (password !== this.password) {
      if (this.refused.has(password)) this.violate("a refused password was sent again")
      this.refused.add(password)
      return Effect.fail(new CredentialsRefused({ targetName: name, username, messages: [] }))
    }
    const id = this.logins.length
    const login = { id, username, access: "", refresh: "", expires: 0, alive: true, excused: false }
    this.logins.push(login)
    return Effect.succeed(this.issue(login))
  }

  refreshed(token: string | undefined): Effect.Effect<Login, DeviceRefused> {
    // Its answer may have been lost: who uses it again has not understood that it may be rotated.
    if (this.usedRefreshes.has(token)) this.violate("a refresh token was used twice")
    this.usedRefreshes.add(token)
    const login = this.logins.find(({ refresh }) => refresh === token)
    return login === undefined || !login.alive || this.refusesRefreshes
      ? Effect.fail(new DeviceRefused({ targetName: name, operation: "refresh", status: 401, messages: [] }))
      : Effect.succeed(this.issue(login))
  }

  private issue(login: Login): Login {
    this.tokens++
    login.access = `access-${login.username}-${login.id}-${this.tokens}`
    login.refresh = `refresh-${login.id}-${this.tokens}`
    login.expires = this.time.now + (this.lifetime ?? Number.POSITIVE_INFINITY)
    return login
  }

  violate(what: string): void {
    this.violations.push(`${what}, at ${this.time.now} ms`)
  }
}

/** What one session has of the device: what it has been given, and so must not do any more. */
export class ScriptedClient {
  /** From then on no login and no refresh may begin. */
  noneAfter = Number.POSITIVE_INFINITY
  private readonly rejectedAt = new Map<string, number>()
  private readonly delivered: Array<{ readonly access: string; readonly at: number }> = []
  private backOffUntil = 0
  /** What it was given can be refreshed, as far as it can know: then it has no reason to log in. */
  private canRefresh = false
  private readonly accepted = new Set<string>()
  private readonly device: ScriptedDevice
  private readonly time: VirtualTime

  constructor(device: ScriptedDevice) {
    this.device = device
    this.time = device.time
  }

  get provider(): AuthProvider.AuthProvider {
    const { device } = this
    return {
      name,
      transport: {
        target: Target.make({ url: "https://scripted.example", name }),
        exchange: (request) => this.call(request.headers.token ?? ""),
        withPermit: (_, use) => use(({ headers }) => this.call(headers.token ?? "")),
        limits: Traffic.makeTargetLimits(Number.POSITIVE_INFINITY),
        exchangeAuth: () => Effect.dieMessage("the provider answers by itself"),
        http: undefined as never // nobody asks for it
      },
      credentials: Effect.suspend(() =>
        device.hangs.delete("credentials")
          ? Effect.never
          : Effect.succeed({ username: device.username, password: Redacted.make(device.given) })
      ),
      login: ({ password, username }) =>
        this.renewal("login", () => device.loggedIn(username, Redacted.value(password)), device.refreshes),
      refresh: ({ refresh, refreshesLeft }) =>
        this.renewal(
          "refresh",
          () => device.refreshed(refresh && Redacted.value(refresh)),
          refreshesLeft - 1
        ),
      revoke: ({ access }) => this.revoke(Redacted.value(access)),
      authorize: (request, { access }) =>
        HttpClientRequest.setHeader(request, "token", Redacted.value(access)),
      judge: ({ status }) => (status === 401 ? "TokenRefused" : status === 503 ? "Busy" : "Fine")
    }
  }

  private call(access: string): Effect.Effect<Reply.Reply, DeviceUnreachable> {
    return Effect.suspend(() => {
      const sent = this.time.now
      const expires =
        this.device.logins.find((login) => login.access === access)?.expires ?? Number.POSITIVE_INFINITY
      // With a lifetime of 0 it serves those who waited for it, once.
      if (this.device.lifetime !== 0 && sent >= expires) this.device.violate("an expired token was sent")
      if ((this.rejectedAt.get(access) ?? sent) < sent) this.device.violate("a rejected token was sent")
      const own = this.delivered.findIndex((one) => one.access === access)
      // What another process was given is newer than all that this one was, when it is found in the store.
      if (own < 0) this.delivered.push({ access, at: sent })
      else if (this.delivered.slice(own + 1).some(({ at }) => at < sent))
        this.device.violate("an outdated token was sent")
      const status = () =>
        this.device.logins.some(
          (login) => login.access === access && login.alive && this.time.now < login.expires
        )
          ? 200
          : 401
      return this.exchange(
        "call",
        () => Effect.sync(status),
        () => {}
      ).pipe(
        Effect.timeoutFail({ duration: "2 minutes", onTimeout: () => unreachable("maybe") }),
        Effect.catchTag("DeviceBusy", ({ status }) => Effect.succeed(status)),
        Effect.tap((status) => {
          if (status === 200) this.accepted.add(access)
          if (status !== 401) return
          this.rejectedAt.set(access, this.time.now)
          // What is refused at its very first use is given up as a whole.
          if (!this.accepted.has(access)) this.canRefresh = false
        }),
        Effect.map((status) => ({ status, headers: {}, body: new Uint8Array() }))
      )
    })
  }

  private renewal<E>(kind: "login" | "refresh", work: () => Effect.Effect<Login, E>, refreshesLeft: number) {
    const own: Exchange = { client: this, kind }
    return Effect.suspend(() => {
      const { now } = this.time
      const { renewals } = this.device
      if (this.device.isShared && renewals.size > 0)
        this.device.violate(`a ${kind} began beside another renewal`)
      if (now < this.backOffUntil) this.device.violate(`a ${kind} began before its back-off was over`)
      if (now > this.noneAfter) this.device.violate(`a ${kind} began after the end`)
      if (kind === "login" && this.canRefresh && this.device.isOnlyOne)
        this.device.violate("a login began where a refresh would have done")
      renewals.add(own)
      let login: Login | undefined
      return this.exchange(
        kind,
        () =>
          Effect.map(work(), (done): Token.TokenResponse => {
            login = done
            const { access, refresh } = done
            return {
              access: Redacted.make(access),
              refresh: Redacted.make(refresh),
              lifetime: this.device.lifetime,
              refreshesLeft
            }
          }),
        () => {
          if (login !== undefined) login.excused = true
        }
      )
    }).pipe(
      Effect.onExit((exit) =>
        Effect.sync(() => {
          this.device.renewals.delete(own)
          if (Exit.isSuccess(exit)) {
            this.delivered.push({ access: Redacted.value(exit.value.access), at: this.time.now })
            this.canRefresh = refreshesLeft > 0
            return
          }
          const error = exit.cause._tag === "Fail" ? exit.cause.error : undefined
          const isPassing =
            error instanceof DeviceBusy || (error instanceof DeviceUnreachable && error.sent === "no")
          if (kind === "refresh" && !isPassing) this.canRefresh = false
          const isRefusal =
            exit.cause._tag === "Fail" &&
            (exit.cause.error instanceof DeviceRefused || exit.cause.error instanceof CredentialsRefused)
          // 1 second less a fifth.
          if (!isRefusal) this.backOffUntil = this.time.now + 800
        })
      )
    )
  }

  private revoke(access: string): Effect.Effect<void, Lost> {
    return Effect.suspend(() => {
      const began = this.time.now
      const login = this.device.logins.find((one) => one.access === access)
      return this.exchange(
        "revoke",
        () =>
          Effect.sync(() => {
            for (const one of this.device.logins) if (one.access === access) one.alive = false
          }),
        () => {}
      ).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            if (login === undefined || Exit.isSuccess(exit)) return
            const isGivenUp = exit.cause._tag !== "Fail"
            if (!isGivenUp || this.time.now - began >= leastForLogout) login.excused = true
          })
        )
      )
    })
  }

  /** `onLost`: the work was done, and its answer did not arrive. */
  private exchange<A, E>(
    kind: Kind,
    work: () => Effect.Effect<A, E>,
    onLost: () => void
  ): Effect.Effect<A, E | Lost> {
    let worked = false
    let answered = false
    const way = Effect.suspend(() =>
      this.device.latency === 0 ? Effect.void : Effect.sleep(this.device.latency / 2)
    )
    return Effect.suspend((): Effect.Effect<A, E | Lost> => {
      if (this.device.mood === "down") return Effect.fail(unreachable("no"))
      if (this.device.hangs.delete(kind)) return Effect.never
      return way.pipe(
        Effect.zipRight(
          Effect.suspend((): Effect.Effect<A, E | Lost> => {
            if (this.device.mood === "down") return Effect.fail(unreachable("maybe"))
            if (this.device.mood === "busy") return Effect.fail(busy(kind))
            const loses = this.device.loses.delete(kind)
            worked = true
            return Effect.zipLeft(work(), loses ? Effect.fail(unreachable("maybe")) : Effect.void)
          })
        ),
        Effect.zipLeft(way),
        Effect.tap(() => {
          answered = true
        })
      )
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          if (worked && !answered) onLost()
        })
      )
    )
  }
}

const unreachable = (sent: "no" | "maybe"): DeviceUnreachable =>
  new DeviceUnreachable({
    targetName: name,
    phase: sent === "no" ? "Connect" : "Response",
    reason: "ECONNRESET",
    sent
  })

const busy = (operation: string): DeviceBusy =>
  new DeviceBusy({ targetName: name, operation, status: 503, retryAfter: undefined, sent: "maybe" })
