// Files to a device and from it, and its backups, over real sockets.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Deployment, ReadBack } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { opened } from "./opened.ts"

const bytes = Uint8Array.from({ length: 5000 }, (_, at) => (at * 89) % 256)
const quickly = Effect.provideService(Deployment.PollSchedule, Schedule.spaced("20 millis"))

describe("a file", () => {
  it.scopedLive("comes back byte for byte, however it was given", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened()
      for (const file of [{ name: "café 1.bin", bytes }, new File([bytes], "café 1.bin")]) {
        const { fileName, id } = yield* fdm.upload("/action/uploaddiskfile", file)
        expect(fileName).toBe("café 1.bin")
        const back = yield* fdm.download(`/action/downloaddiskfile/${id}`)
        expect([...back]).toEqual([...bytes])
      }
    })
  )

  it.scopedLive("is sent once, and that its answer was lost is told", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened()
      yield* sandbox.fail({ method: "POST", path: /upload/, how: Sandbox.Fault.loseAnswer })
      const error = yield* Effect.flip(fdm.upload("/action/uploaddiskfile", { name: "a", bytes }))
      expect(error._tag).toBe("OutcomeUnknown")
      expect(writes()).toHaveLength(1)
    })
  )

  it.scopedLive("that is none is refused before anything is sent", () =>
    Effect.gen(function* () {
      const { fdm, sent } = yield* opened()
      const error = yield* Effect.flip(fdm.upload("/action/uploaddiskfile", { name: "", bytes }))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "file" })
      expect(sent()).toEqual([])
    })
  )

  it.scopedLive("that came as a part, as something else, or with another checksum is none", () =>
    Effect.gen(function* () {
      const { fdm, sandbox } = yield* opened()
      const answers: ReadonlyArray<readonly [status: number, headers: Record<string, string>]> = [
        [206, { "content-range": "bytes 0-3/5000" }],
        [202, {}],
        [200, { "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==" }]
      ]
      for (const [code, headers] of answers) {
        const how = Sandbox.Fault.status(code, { headers, body: bytes.slice(0, 4) })
        yield* sandbox.fail({ path: /downloaddiskfile/, how })
        const error = yield* Effect.flip(fdm.download("/action/downloaddiskfile/1"))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          operation: "GET /action/downloaddiskfile/1"
        })
      }
    })
  )

  it.scopedLive("that is not there, or larger than the target allows, is an error", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const target = { ...sandbox.fdm.target, maxBodyBytes: 4096 }
      const fdm = yield* Fdm.make({ ...sandbox.fdm, target })
      const none = yield* Effect.flip(fdm.download("/action/downloaddiskfile/none"))
      expect(none).toMatchObject({ _tag: "DeviceRefused", status: 404, isAbsent: true })
      const { id } = yield* fdm.upload("/action/uploaddiskfile", { name: "a", bytes })
      const error = yield* Effect.flip(fdm.download(`/action/downloaddiskfile/${id}`))
      expect(error).toMatchObject({ _tag: "ProtocolViolation" })
      expect(error.message).toContain("maxBodyBytes")
    })
  )
})

describe("a backup", () => {
  it.scopedLive("is made, waited for, listed and fetched", () =>
    Effect.gen(function* () {
      const { fdm, sent, writes } = yield* opened({ deployTime: "200 millis" })
      const archive = yield* quickly(fdm.backup({ name: "nightly" }))
      expect(archive).toMatchObject({ name: "nightly", type: "archivedbackup" })
      expect(yield* fdm.downloadBackup(archive)).toHaveLength(archive.fileSize ?? 0)
      expect(sent().at(-1)).toBe(`GET /action/downloadbackup/${archive.archiveName}`)
      expect([...(yield* Stream.runCollect(fdm.listBackups()))]).toEqual([archive])
      expect(writes()).toEqual(["POST /action/backup"])
    })
  )

  it.scopedLive("that fails tells the device's words", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened({ fdmBackup: "FAILED", deployTime: "100 millis" })
      const error = yield* Effect.flip(quickly(fdm.backup()))
      expect(error).toMatchObject({ _tag: "BackupFailed", state: "FAILED" })
      expect(error.message).toContain("The sandbox was told to fail.")
    })
  )

  it.scopedLive("that lasts longer than it is waited for is unfinished", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened({ deployTime: "1 hour" })
      const error = yield* fdm
        .backup()
        .pipe(Effect.provideService(Deployment.PollSchedule, Schedule.recurs(2)), Effect.flip)
      expect(error).toMatchObject({ _tag: "BackupUnfinished", state: "QUEUED" })
    })
  )

  it.scopedLive("whose answer is lost is found among the jobs, and never asked for twice", () =>
    Effect.gen(function* () {
      const { fdm, sandbox, writes } = yield* opened()
      const first = yield* fdm.backup({ name: "first" })
      yield* sandbox.fail({ method: "POST", path: /backup$/, how: Sandbox.Fault.loseAnswer })
      expect((yield* fdm.backup({ name: "second" })).name).toBe("second")
      expect(writes()).toHaveLength(2)
      yield* sandbox.fail({ method: "POST", path: /backup$/, how: Sandbox.Fault.reset })
      const lost = fdm.backup().pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1)))
      expect(yield* Effect.flip(lost)).toMatchObject({ _tag: "OutcomeUnknown", readBack: "Absent" })
      expect(first.name).toBe("first")
    })
  )
})
