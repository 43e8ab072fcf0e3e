import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Session } from "../auth/Session.ts"
import * as WriteGate from "../auth/WriteGate.ts"
import { Changes } from "../client/changes/Change.ts"
import { DeviceUnreachable } from "../transport/DeviceError.ts"
import { isRead } from "../transport/Retry.ts"
import type { JournalFile } from "../workflow/journal/JournalFile.ts"
import * as RunHistory from "../workflow/journal/RunHistory.ts"
import * as PlanRecorder from "../workflow/plan/PlanRecorder.ts"
import * as Observer from "../workflow/run/account/Observer.ts"
import * as RunDevices from "../workflow/run/RunDevices.ts"
import * as RunJournal from "../workflow/run/RunJournal.ts"
import * as RunRecorder from "../workflow/run/record/RunRecorder.ts"
import * as RunRules from "../workflow/run/record/RunRules.ts"
import { Sending } from "../workflow/run/record/Sending.ts"
import { takeBack } from "../workflow/run/undo/TakingBack.ts"
import * as UndoStops from "../workflow/run/undo/UndoStops.ts"
import { look } from "../workflow/undo/Look.ts"
import * as Expect from "./Expect.ts"
import type { Fixture } from "./Fixture.ts"
import * as ProviderSpy from "./ProviderSpy.ts"
import { type Rule, rule } from "./Rule.ts"

export const workflows: ReadonlyArray<Rule> = [
  rule("a change in a plan is described, and not sent", (fixture) =>
    Effect.gen(function* () {
      const change = yield* Expect.needed(fixture.subject.change, "change")
      const { gate, plan, recorder } = yield* PlanRecorder.make
      const script = Effect.provideService(Effect.flatMap(fixture.open(), change), Changes, recorder)
      const exit = yield* Effect.exit(WriteGate.withGate(gate, script))
      const { changes, end } = plan("contract")
      yield* Expect.equals("what was sent", writesOf(fixture).join(), "")
      yield* Expect.holds(
        changes.length > 0,
        `the plan shows nothing of it${end === undefined ? "" : `, and ends: ${end.operation}: ${end.reason}`}; describe it with Change.make`
      )
      yield* Expect.holds(
        end !== undefined || Exit.isSuccess(exit),
        `it fails in a plan, with ${String(exit)}`
      )
    })
  ),

  rule("a change in a run is taken back by what its journal has of it", (fixture) =>
    Effect.gen(function* () {
      const change = yield* Expect.needed(fixture.subject.change, "change")
      const journal = RunJournal.make(inMemory, RunHistory.make(), Observer.nobody)
      const clients = new Map<string, unknown>()
      const devices = RunDevices.make((targetName) => clients.get(targetName))
      const { gate, recorder } = yield* RunRecorder.make(journal, RunRules.none, devices.read, {
        tell: () => {}
      })
      const script = Effect.gen(function* () {
        const session = yield* fixture.open()
        clients.set(session.target.name, yield* clientOf(fixture, session))
        return yield* change(session)
      })
      yield* Effect.provideService(WriteGate.withGate(gate, script), Changes, recorder)
      const changes = journal.history.changes()
      yield* Expect.holds(
        changes.length > 0,
        "nothing of it stands in the journal; describe it with Change.make"
      )
      yield* Expect.applies(
        changes.some(({ undo }) => !("cannot" in undo)),
        "what the subject changes cannot be taken back"
      )
      yield* fixture.withClock(UndoStops.withStop("underWay", (stop) => takeBack(journal, devices, {}, stop)))
      for (const taken of journal.history.changes()) {
        for (const end of taken.takenBack.values()) {
          const how = end === "begun" ? { how: end } : end
          const why = "why" in how && how.why !== undefined ? `: ${how.why}` : ""
          yield* Expect.holds(
            how.how === "undone" || how.how === "goneWithParent",
            `its undo: ${how.how}${why}`
          )
        }
        const device = devices.of(taken.targetName)
        if (device === undefined) continue
        const left = yield* fixture.withClock(
          Effect.provideService(look(device, taken), Sending, "described")
        )
        for (const one of left) yield* Expect.equals("what is there then", one.how, "notHappened")
      }
    })
  ),

  rule("a change whose answer is lost is looked for, and not sent again", (fixture) =>
    Effect.gen(function* () {
      const change = yield* Expect.needed(fixture.subject.change, "change")
      let isLost = false
      const { name: targetName } = fixture.provider.transport.target
      const losing = ProviderSpy.withAnswer(fixture.spy, (answer) =>
        Effect.flatMap(answer, (reply) => {
          if (isLost || writesOf(fixture).length === 0) return Effect.succeed(reply)
          isLost = true
          return Effect.fail(
            new DeviceUnreachable({ targetName, phase: "Response", reason: "ECONNRESET", sent: "maybe" })
          )
        })
      )
      const session = yield* fixture.open({}, losing)
      const exit = yield* Effect.exit(fixture.withClock(change(session)))
      const writes = writesOf(fixture)
      yield* Expect.equals("what was sent", writes.join(), writes.slice(0, 1).join())
      yield* Expect.holds(Exit.isSuccess(exit), `it is not found, though it is there: ${String(exit)}`)
    })
  )
]

const writesOf = ({ spy }: Fixture): ReadonlyArray<string> =>
  spy.sent.map(({ method }) => method).filter((method) => !isRead(method))

/** `inMemory` is a journal that nobody reads later. */
const inMemory: JournalFile = { path: "", lines: [], append: () => Effect.void }

const clientOf = (fixture: Fixture, session: Session) =>
  Effect.gen(function* () {
    const { config, plugin } = yield* Expect.needed(fixture.subject.plugin, "plugin")
    const { credentials, transport } = fixture.provider
    // The subject's configuration is this plugin's own.
    const backend = yield* plugin.backend((config ?? {}) as never, { target: transport.target, credentials })
    return yield* backend.client(session)
  })
