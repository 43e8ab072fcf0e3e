import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import type * as Sandbox from "sallyport/sandbox"
import { bearer } from "./client.ts"
import { signedIn } from "./fdm.ts"

const bytes = Uint8Array.from({ length: 5000 }, (_, at) => (at * 89) % 256)

/** A client that sends forms, encoded by the runtime. */
const uploading = (options?: Sandbox.Options) =>
  Effect.map(signedIn(options), (signed) => ({
    ...signed,
    upload: (path: string, field: string, file: File | string) =>
      Effect.gen(function* () {
        const form = new FormData()
        form.append("comment", "sent along")
        form.append(field, file)
        const encoded = new Response(form)
        // Read first: Bun forgets it with the body.
        const headers = {
          ...bearer(signed.token).headers,
          "content-type": encoded.headers.get("content-type") ?? ""
        }
        const body = new Uint8Array(yield* Effect.promise(() => encoded.arrayBuffer()))
        return yield* signed.client.send("POST", `/api/fdm/v6${path}`, { headers, body })
      })
  }))

it.scoped("a file that is uploaded comes back byte for byte", () =>
  Effect.gen(function* () {
    const { send, upload } = yield* uploading()
    const kept = yield* upload("/action/uploaddiskfile", "fileToUpload", new File([bytes], "café 1.bin"))
    expect(kept).toMatchObject({ status: 200, json: { fileName: "café 1.bin", type: "fileuploadstatus" } })
    const back = yield* send("GET", `/action/downloaddiskfile/${kept.json.id}`)
    expect(back.status).toBe(200)
    expect(back.headers["content-type"]).toBe("application/octet-stream")
    expect(back.headers["content-disposition"]).toBe('attachment; filename="caf__1.bin"')
    expect([...back.bytes]).toEqual([...bytes])
    expect((yield* send("GET", "/action/downloaddiskfile/none")).status).toBe(404)
  })
)

it.scoped("a file of some megabytes is no payload that is too big", () =>
  Effect.gen(function* () {
    const { send, upload } = yield* uploading()
    const big = new Uint8Array(6 * 1024 * 1024).fill(7)
    const kept = yield* upload("/action/uploaddiskfile", "fileToUpload", new File([big], "big.bin"))
    expect(kept.status).toBe(200)
    expect((yield* send("GET", `/action/downloaddiskfile/${kept.json.id}`)).bytes).toHaveLength(big.length)
  })
)

it.scoped("a form as other clients write it is read too", () =>
  Effect.gen(function* () {
    const { client, token, send } = yield* signedIn()
    const boundary = "0123456789abcdef0123456789abcdef"
    const body = [
      `--${boundary}`,
      'Content-Disposition: form-data; name="fileToUpload"; filename="notes.txt"',
      "",
      "two\r\nlines",
      `--${boundary}--`,
      ""
    ].join("\r\n")
    const headers = {
      ...bearer(token).headers,
      "content-type": `multipart/form-data; boundary=${boundary}`
    }
    const kept = yield* client.send("POST", "/api/fdm/v6/action/uploaddiskfile", { headers, body })
    expect(kept.json.fileName).toBe("notes.txt")
    expect((yield* send("GET", `/action/downloaddiskfile/${kept.json.id}`)).text).toBe("two\r\nlines")
    const broken = { headers, body: body.slice(0, 60) }
    expect((yield* client.send("POST", "/api/fdm/v6/action/uploaddiskfile", broken)).status).toBe(422)
  })
)

it.scoped("without a file in the field that devices know an upload is 422", () =>
  Effect.gen(function* () {
    const { send, upload } = yield* uploading()
    const path = "/action/uploaddiskfile"
    const elsewhere = yield* upload(path, "file", new File([bytes], "a.bin"))
    expect(elsewhere.json.error.messages[0].location).toBe("fileToUpload")
    expect((yield* upload(path, "fileToUpload", "text")).status).toBe(422)
    expect((yield* send("POST", path, { fileToUpload: "text" })).status).toBe(422)
  })
)

it.scoped("a backup is asked for, followed by its job, listed when it is done, and downloaded", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ deployTime: "1 minute" })
    const asked = yield* send("POST", "/action/backup", { type: "backupimmediate", name: "nightly" })
    expect(asked).toMatchObject({ status: 200, json: { name: "nightly", type: "backupimmediate" } })
    const job = send("GET", `/jobs/backups/${asked.json.jobHistoryUuid}`)
    expect((yield* job).json).toMatchObject({ status: "QUEUED", endDateTime: null })
    yield* TestClock.adjust("30 seconds")
    expect((yield* job).json.status).toBe("IN_PROGRESS")
    expect((yield* send("GET", "/managedentity/archivedbackups")).json.items).toEqual([])
    yield* TestClock.adjust("30 seconds")
    const done = (yield* job).json
    expect(done).toMatchObject({ status: "SUCCESS", endDateTime: "1970-01-01T00:01:00.000Z" })
    const [archive] = (yield* send("GET", "/managedentity/archivedbackups")).json.items
    expect(archive).toMatchObject({ name: "nightly", archiveName: done.archiveName })
    // By its archiveName: an id is none (Cisco's FDM API guide, getdownloadbackup).
    const path = `/action/downloadbackup/${archive.archiveName}`
    expect((yield* send("GET", `/action/downloadbackup/${archive.id}`)).status).toBe(404)
    const first = yield* send("GET", path)
    expect(first.bytes).toHaveLength(archive.fileSize)
    expect(first.headers["content-disposition"]).toBe(`attachment; filename="${done.archiveName}"`)
    expect([...(yield* send("GET", path)).bytes]).toEqual([...first.bytes])
    expect((yield* send("DELETE", `/managedentity/archivedbackups/${archive.id}`)).status).toBe(204)
    expect((yield* send("GET", path)).status).toBe(404)
  })
)

it.scoped("a backup that fails leaves no archive", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ fdmBackup: "FAILED" })
    expect((yield* send("POST", "/action/backup", { name: "nightly" })).status).toBe(422)
    const asked = yield* send("POST", "/action/backup", { type: "backupimmediate" })
    const [job] = (yield* send("GET", "/jobs/backups")).json.items
    expect(job).toMatchObject({ id: asked.json.jobHistoryUuid, status: "FAILED", archiveName: null })
    expect((yield* send("GET", "/managedentity/archivedbackups")).json.items).toEqual([])
  })
)

it.scoped("a backup that is uploaded stands among the archives", () =>
  Effect.gen(function* () {
    const { send, upload } = yield* uploading()
    yield* upload("/action/uploadbackup", "fileToUpload", new File([bytes], "saved.tar"))
    const [archive] = (yield* send("GET", "/managedentity/archivedbackups")).json.items
    expect(archive).toMatchObject({ archiveName: "saved.tar", fileSize: bytes.length })
    const back = yield* send("GET", `/action/downloadbackup/${archive.archiveName}`)
    expect([...back.bytes]).toEqual([...bytes])
    expect((yield* send("GET", "/jobs/backups")).json.items).toEqual([])
  })
)
