import * as Effect from "effect/Effect"
import { DeviceRefused } from "../../transport/DeviceError.ts"
import * as Needed from "../../validation/Needed.ts"
import type { WriteError } from "./NotKept.ts"
import type { Settled } from "./Settled.ts"

/** `BisectionOptions` say how batches are sent. */
export interface BisectionOptions<W, A> {
  /** `send` sends one batch, and says what became of each in it. */
  readonly send: (batch: ReadonlyArray<W>) => Effect.Effect<ReadonlyArray<Settled<W, A>>, WriteError>
  /**
   * `refusals` are the statuses that say that nothing of a batch was done, since something in it is wrong.
   *
   * @default [400, 422]
   */
  readonly refusals?: ReadonlyArray<number> | undefined
  /** `concernsOne` says whether an error fails a batch and none after it; else the rest is not sent. */
  readonly concernsOne: (error: WriteError) => boolean
}

/**
 * `bisectBatches` sends batches of which a device does all or nothing. One that it refuses is halved, and its halves
 * are sent, until those are found that are wrong and the others are done. That ends after as many requests as twenty
 * that are wrong need, or after fifty where nothing at all was taken; what is left is told as refused with the others,
 * and that it was not searched. After an outcome that is unknown nothing more is sent.
 */
export const bisectBatches = <W, A>(
  batches: ReadonlyArray<ReadonlyArray<W>>,
  { concernsOne, refusals = [400, 422], send }: BisectionOptions<W, A>
): Effect.Effect<ReadonlyArray<Settled<W, A>>> =>
  Effect.gen(function* () {
    Needed.list("batches", batches)
    Needed.fn("send", send)
    const settled = new Map<W, Settled<W, A>>()
    let because: WriteError | undefined

    const isRefusal = (error: WriteError): error is DeviceRefused =>
      error instanceof DeviceRefused && refusals.includes(error.status)

    const search = (batch: ReadonlyArray<W>) =>
      Effect.gen(function* () {
        const most = maxRequests(batch.length)
        let sent = 0
        let taken = 0
        let parts: ReadonlyArray<Part<W>> = [{ rows: batch, refusal: undefined }]
        // Level by level, so that what is right goes in early.
        while (parts.length > 0) {
          const next: Array<Part<W>> = []
          for (const { refusal, rows } of parts) {
            if (because !== undefined) {
              for (const wanted of rows) settled.set(wanted, { _tag: "NotSent", wanted, because })
              continue
            }
            if (refusal !== undefined && (sent >= most || (taken === 0 && sent >= maxRefused))) {
              const error = notSearched(refusal, batch.length, sent)
              for (const wanted of rows) settled.set(wanted, { _tag: "Failed", wanted, error })
              continue
            }
            sent += 1
            const answer = yield* Effect.either(send(rows))
            if (answer._tag === "Right") {
              taken += 1
              for (const one of answer.right) settled.set(one.wanted, one)
              because = unknownOutcome(answer.right)
            } else if (isRefusal(answer.left) && rows.length > 1) {
              const half = Math.ceil(rows.length / 2)
              for (const part of [rows.slice(0, half), rows.slice(half)])
                next.push({ rows: part, refusal: answer.left })
            } else {
              const error = answer.left
              if (!concernsOne(error)) because = error
              for (const wanted of rows) settled.set(wanted, { _tag: "Failed", wanted, error })
            }
          }
          parts = next
        }
      })

    yield* Effect.forEach(batches, search, { discard: true })
    return batches.flat().flatMap((wanted) => settled.get(wanted) ?? [])
  })

interface Part<W> {
  readonly rows: ReadonlyArray<W>
  /** `refusal` says why the batch that it is half of was refused. */
  readonly refusal: DeviceRefused | undefined
}

// As many as twenty rows need, wherever they stand.
const maxRequests = (rows: number): number => 1 + 2 * Math.ceil(Math.log2(Math.max(2, rows))) * 20

// A device that takes none of so many parts refuses for a reason that all rows share.
const maxRefused = 50

const notSearched = (
  { messages, operation, status, targetName }: DeviceRefused,
  rows: number,
  sent: number
) =>
  new DeviceRefused({
    targetName,
    operation,
    status,
    messages,
    advice: `It was refused along with others of its ${rows}, and the search for those that are wrong ended after ${sent} requests: mend those that are named, and send the rest again`
  })

/**
 * `unknownOutcome` gives the first error that leaves open what became of a change: the device is then not given
 * another.
 */
const unknownOutcome = <W, A>(settled: ReadonlyArray<Settled<W, A>>): WriteError | undefined => {
  const unknown = settled.find((one) => one._tag === "Failed" && one.error._tag === "OutcomeUnknown")
  return unknown?._tag === "Failed" ? unknown.error : undefined
}
