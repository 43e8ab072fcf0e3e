import { createHash } from "node:crypto"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf, file, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"
import { start } from "../support/runtime.ts"

const script = "examples/backup.ts"

/** A folder with a file in it, and a path beside it that is free. */
const folder = Effect.map(file("old.tar", "an old backup"), (old) => ({
  old,
  free: join(dirname(old), "new.tar")
}))

const backingUp = (sandbox: Sandbox.Sandbox, ...args: ReadonlyArray<string>) =>
  run(script, { args, env: environmentOf(sandbox, "FDM") })

describe("backup.ts", () => {
  it.scopedLive("makes a backup and downloads it into a file of the owner's alone", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { free } = yield* folder
      const { code, stderr, stdout } = yield* backingUp(sandbox, free, "nightly")
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(sandbox.ledger.open).toBe(0)
      // The API version, the jobs before and after, the archives, and the backup itself.
      Requests.account("backup", sandbox)

      const bytes = readFileSync(free)
      const sha256 = createHash("sha256").update(bytes).digest("hex")
      expect(lines(stdout)).toEqual([
        `127.0.0.1:${sandbox.port} has made NGFW_backup.nightly.tar`,
        `${free}: ${bytes.length} bytes, SHA-256 ${sha256}`
      ])
      expect((statSync(free).mode & 0o777).toString(8)).toBe("600")
      const fdm = yield* Fdm.make(sandbox.fdm)
      const [archive] = [...(yield* Stream.runCollect(fdm.listBackups()))]
      expect(Buffer.from(yield* fdm.downloadBackup({ archiveName: archive?.archiveName ?? "" }))).toEqual(
        bytes
      )
    })
  )

  it.scopedLive("does not write over a file, and asks nothing of the device then", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { old } = yield* folder
      const { code, stderr, stdout } = yield* backingUp(sandbox, old)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toContain(`${old} is there already`)
      expect(readFileSync(old, "utf8")).toBe("an old backup")
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.scopedLive("does not write over a file that has come to be there meanwhile", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { free } = yield* folder
      yield* sandbox.fail({ path: /downloadbackup/, how: Sandbox.Fault.slow("500 millis") })
      const running = start(script, { args: [free], env: environmentOf(sandbox, "FDM") })
      const isDownloading = () => sandbox.ledger.requests.some(({ path }) => path.includes("downloadbackup"))
      yield* eventually("it downloads", isDownloading, 20)
      writeFileSync(free, "another's")
      const { code, stderr } = yield* Effect.promise(() => running.ended)
      expect(code).toBe(1)
      expect(stderr).toContain("EEXIST")
      expect(readFileSync(free, "utf8")).toBe("another's")
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("says that the device could not, and leaves no file", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ fdmBackup: "FAILED" })
      const { free } = yield* folder
      const { code, stderr } = yield* backingUp(sandbox, free)
      expect(code).toBe(1)
      expect(stderr).toContain("the backup failed (FAILED): The sandbox was told to fail.")
      expect(existsSync(free)).toBe(false)
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )
})
