import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  Change,
  Credentials,
  InputSchema,
  Lenient,
  OutcomeUnknown,
  PathSegment,
  Rest,
  refuseInput,
  type Session,
  type SessionError,
  StatusFilter
} from "sallyport/plugin"
import * as BusyAnswer from "./BusyAnswer.ts"
import * as ErrorMessages from "./ErrorMessages.ts"
import type { Kinds } from "./Kinds.ts"
import type { PasswordChange, Passwords } from "./Passwords.ts"

/** `Accounts` change the passwords of accounts on a device, the first of all among them. */
export interface Accounts {
  /**
   * `provisioning` is what the first-time set-up asks for: the text of the licence, and whether it is accepted already.
   */
  readonly provisioning: Effect.Effect<Provisioning, SessionError>
  /**
   * `provision` makes the first-time set-up of a device fresh from its box: accepts Cisco's licence, which the caller
   * has to say, and replaces the password of the factory. The session then logs in with the new one, and goes on with
   * it as long as it lives, whatever its credentials say. It is for the account that the session logged in with:
   * `admin`.
   *
   * Fails with `InvalidInput` where the licence is not accepted, with `DeviceRefused` where the device does not like
   * the new password or is set up already, and with `OutcomeUnknown` where the answer was lost and the new password is
   * not good. Any error of the new login comes after the password has been changed.
   *
   * @example
   * const fdm = yield* Fdm.make({ target, credentials: Credentials.password({ username: "admin", password: factory }) })
   * yield* fdm.provision({ currentPassword: factory, newPassword: fresh, acceptEula: true })
   */
  readonly provision: (setup: InitialSetup) => Effect.Effect<void, SessionError>
  /**
   * `changePassword` changes the password of a local account. Where it is the session's own, the session logs in with
   * the new one, and goes on with it as long as it lives, whatever its credentials say until they have the new one. A
   * workflow that was killed meanwhile is resumed with credentials that are good by then: which of both they have says
   * whether it was changed.
   *
   * Fails with `InvalidInput` where there is no such account, with `DeviceRefused` where the old password is wrong or
   * the new one not good enough, and with `OutcomeUnknown` where the answer was lost and the new password is not good.
   * Any error of the new login comes after the password has been changed. Whether a device ends the account's other
   * sessions: unknown.
   *
   * @example
   * yield* fdm.changePassword({ username: "admin", from: Redacted.make(old), to: Redacted.make(fresh) })
   */
  readonly changePassword: (change: NewPassword) => Effect.Effect<void, SessionError>
}

/** `NewPassword` is a password that is to become another one. Text is hidden from then on. */
export interface NewPassword {
  readonly username: string
  /** `from` is the password of now. */
  readonly from: Redacted.Redacted | string
  /** `to` takes its place. */
  readonly to: Redacted.Redacted | string
}

/** `InitialSetup` is what the first-time set-up takes. */
export interface InitialSetup {
  /** `currentPassword` is that of the factory. */
  readonly currentPassword: Redacted.Redacted | string
  /** `newPassword` takes its place. */
  readonly newPassword: Redacted.Redacted | string
  /** `acceptEula` says that you accept Cisco's end user licence agreement; `provisioning` has its text. */
  readonly acceptEula: true
}

const Provisioning = Schema.Struct({
  acceptEULA: Lenient.field(Schema.NullOr(Lenient.Flag)),
  eulaText: Lenient.textOrNull
})

const Given = Schema.optional(Schema.Unknown)
const Setup = Schema.Struct({ currentPassword: Given, newPassword: Given, acceptEula: Given })
const OtherPassword = Schema.Struct({
  username: Schema.NonEmptyString.annotations({ description: "the name of an account" }),
  from: Given,
  to: Given
})

/** `Provisioning` says how far the first-time set-up is. */
export type Provisioning = typeof Provisioning.Type

const path = "/devices/default/action/provision"

const Page = Schema.Struct({ items: Schema.NonEmptyArray(Provisioning) })

export const make = (
  session: Session.Session,
  rest: Rest.Rest,
  http: Session.Session["http"],
  users: Kinds["users"],
  passwords: Passwords | undefined
): Accounts => {
  const { name: targetName } = session.target

  /** `redactingRest` is an API that tells of neither password, whatever the device repeats. */
  const redactingRest = ({ from, to }: Pick<PasswordChange, "from" | "to">) =>
    Rest.make(
      targetName,
      http,
      StatusFilter.filterStatusOk(
        session,
        (reply, secrets) => ErrorMessages.errorMessages(reply, [...secrets, from, to]),
        undefined,
        BusyAnswer.isBusy
      )
    )

  const changePasswordWith = (change: PasswordChange, request: Effect.Effect<unknown, SessionError>) =>
    passwords === undefined ? Effect.asVoid(request) : passwords.change(session, change, request)

  const described = (
    {
      action,
      change,
      path
    }: { readonly action: string; readonly change: PasswordChange; readonly path: string },
    name: string,
    fields: Change.Fields
  ) =>
    Change.irreversible<void>({
      targetName,
      at: rest.at(path),
      kind: "account",
      action,
      name,
      fields,
      cannot: "nobody keeps the old password; change it back with changePassword",
      planned: () => undefined,
      look: lookedFor(change, `${action} ${path}`)
    })

  /** `lookedFor` is asked by a resumed run, whose session has logged in with one of both. */
  const lookedFor = (change: PasswordChange, operation: string) =>
    Effect.suspend((): Effect.Effect<Option.Option<void>, OutcomeUnknown> => {
      const readBack = passwords?.seen(change) ?? "Unreadable"
      if (readBack === "Done") return Effect.succeedSome(undefined)
      if (readBack === "Absent") return Effect.succeedNone
      return Effect.fail(
        new OutcomeUnknown({ targetName, operation, reason: "no login has shown it", readBack })
      )
    })

  const provisioning = Effect.map(
    Rest.make(
      targetName,
      http,
      StatusFilter.filterStatusOk(session, ErrorMessages.errorMessages, undefined, BusyAnswer.isBusy)
    ).get(path, Page),
    ({ items }) => items[0]
  )

  return {
    provisioning,
    provision: (setup) =>
      Effect.gen(function* () {
        yield* InputSchema.check(Setup, setup, "the first-time set-up")
        const currentPassword = yield* Credentials.secret("currentPassword", setup.currentPassword)
        const newPassword = yield* Credentials.secret("newPassword", setup.newPassword)
        // The types say so too; a script in JavaScript has none.
        if (setup.acceptEula !== true) {
          return yield* refuseInput(
            "acceptEula",
            "the set-up accepts Cisco's licence for you; read its text in provisioning, and give true."
          )
        }
        // In this order (Cisco's how-to for FTD, Initial Configuration); whether a device takes a POST that no GET
        // precedes is unknown.
        yield* provisioning
        const username = passwords === undefined ? "" : passwords.username()
        const change = { username, from: currentPassword, to: newPassword }
        const request = redactingRest(change).send("POST", path, Schema.Unknown, {
          body: {
            type: "initialprovision",
            acceptEULA: true,
            currentPassword: Redacted.value(currentPassword),
            newPassword: Redacted.value(newPassword)
          }
        })
        yield* Change.make(
          described({ action: "provision", change, path }, "the device", {
            currentPassword: Redacted.value(currentPassword),
            newPassword: Redacted.value(newPassword)
          }),
          changePasswordWith(change, request)
        )
      }),
    changePassword: (given) =>
      Effect.gen(function* () {
        yield* InputSchema.check(OtherPassword, given, "a change of a password")
        const { username } = given
        const from = yield* Credentials.secret("from", given.from)
        const to = yield* Credentials.secret("to", given.to)
        const change = { username, from, to }
        const user = yield* users.find(username)
        if (Option.isNone(user)) {
          return yield* refuseInput(
            "username",
            `the device has no account ${JSON.stringify(username)} of its own; give the name of one that it has.`,
            username
          )
        }
        const { links: _links, ...fields } = user.value
        const own = { ...change, username: fields.name }
        const at = yield* PathSegment.join("/object/users", { id: fields.id })
        const request = redactingRest(change).send("PUT", at, Schema.Unknown, {
          body: { ...fields, password: Redacted.value(from), newPassword: Redacted.value(to) }
        })
        yield* Change.make(
          described({ action: "update", change: own, path: "/object/users" }, fields.name, {
            password: Redacted.value(to)
          }),
          changePasswordWith(own, request)
        )
      })
  }
}
