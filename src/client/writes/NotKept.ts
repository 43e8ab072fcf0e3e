import * as Data from "effect/Data"
import type { SessionError } from "../../auth/AuthError.ts"
import { few } from "../../validation/Few.ts"

/**
 * `NotKept` is a change that the device has carried out, but not as it was sent: it left fields out or put something
 * else there. The change is there; nothing was taken back.
 */
export class NotKept extends Data.TaggedError("NotKept")<{
  readonly targetName: string
  /** `operation` is the verb and the path: `PUT /object/hosts`. */
  readonly operation: string
  /** `objectName` is the name of what was changed, where it has one. An error's own `name` is another thing. */
  readonly objectName: string | undefined
  /** `id` is where the device keeps it; none where it cannot be found. */
  readonly id: string | undefined
  /** `fields` are the fields that are not as they were sent, by their paths: `sourceNetworks.objects`. */
  readonly fields: ReadonlyArray<string>
  /** `item` is as it is on the device now; `undefined` where the device says that it was done and does not have it. */
  readonly item: unknown
}> {
  constructor(given: {
    readonly targetName: string
    readonly operation: string
    readonly objectName: string | undefined
    readonly id: string | undefined
    readonly fields: ReadonlyArray<string>
    readonly item: unknown
  }) {
    super(given)
    // It may hold what nobody should read in a log: a log prints what it can enumerate, or what `toJSON` gives.
    Object.defineProperty(this, "item", { value: given.item, enumerable: false })
    const { item: _item, ...facts } = given
    Object.defineProperty(this, "toJSON", {
      value: () => ({ _tag: this._tag, message: this.message, ...facts })
    })
  }
  override get message(): string {
    const what =
      this.objectName === undefined ? (this.id ?? "what was sent") : JSON.stringify(this.objectName)
    if (this.item === undefined) {
      return `${this.targetName}: ${this.operation} was answered as done, but ${what} is not there: look at the device before you repeat it.`
    }
    return `${this.targetName}: ${this.operation} was carried out on ${what}, but the device did not keep ${few(this.fields)}: the change is there without that, so look at it before anything is deployed.`
  }
}

/** `WriteError` is what a change of an object can fail with. */
export type WriteError = SessionError | NotKept
