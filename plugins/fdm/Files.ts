import { basename } from "node:path"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  Change,
  FileTransfer,
  InputSchema,
  Lenient,
  PathSegment,
  ProtocolViolation,
  Reply,
  type Rest,
  type SessionError,
  StatusError,
  StatusFilter
} from "sallyport/plugin"
import * as UploadFile from "./UploadFile.ts"

/** `Files` go to a device and come from it. */
export interface Files {
  /**
   * `upload` sends a file as a form, in the field `fileToUpload` (FDM OpenAPI, postuploaddiskfile): to
   * `/action/uploaddiskfile`, `/action/uploadcert`, `/action/uploadbackup`, `/action/uploadupgrade`. It is in memory as
   * a whole. It is not repeated where its answer is lost, and fails with `OutcomeUnknown`.
   *
   * @example
   * const { id } = yield* fdm.upload("/action/uploaddiskfile", { name: "ca.pem", bytes })
   */
  readonly upload: (
    path: string,
    file: UploadFile.FileToSend | Blob
  ) => Effect.Effect<UploadedFile, SessionError>
  /**
   * `download` gives the bytes of a file, such as `/action/downloaddiskfile/{id}`. One that is larger than the target's
   * `maxBodyBytes` is `ProtocolViolation`, one that is not there `DeviceRefused`, and `isAbsent`.
   */
  readonly download: (path: string) => Effect.Effect<Uint8Array, SessionError>
  /**
   * `downloadTo` downloads into a file of this machine, which only its owner may read, without having it in memory:
   * under another name in the same folder, and renamed when it is whole. A file that is there already is
   * `InvalidInput`, unless `replace` says otherwise. Tells its length and its SHA-256. See `FileTransfer.save`.
   *
   * @example
   * const { bytes, sha256 } = yield* fdm.downloadTo("/action/downloadtroubleshoot/ab12", "troubleshoot.tar.gz")
   */
  readonly downloadTo: (
    path: string,
    file: string,
    options?: FileTransfer.SaveOptions
  ) => Effect.Effect<FileTransfer.SavedFile, SessionError>
  /**
   * `uploadFrom` sends a file of this machine as `upload` does, without having it in memory.
   *
   * @example
   * const { id } = yield* fdm.uploadFrom("/action/uploadupgrade", "Cisco_FTD_Upgrade-7.4.2.REL.tar")
   */
  readonly uploadFrom: (
    path: string,
    file: string,
    options?: UploadOptions
  ) => Effect.Effect<UploadedFile, SessionError>
}

interface UploadOptions {
  /** `name` is what the device is told that the file is called. @default its name here, without its folder */
  readonly name?: string | undefined
}

const Options = Schema.Struct({ name: Schema.optional(Schema.Unknown) })

/** `UploadedFile` is what a device says of a file that it was sent: its `id` stands for it from then on. */
export const UploadedFile = Schema.Struct(
  { id: Lenient.textOrNull, fileName: Lenient.textOrNull, diskFileName: Lenient.textOrNull },
  Lenient.others
)
export type UploadedFile = typeof UploadedFile.Type

export const make = (device: FileTransfer.TransferClient, rest: Rest.Rest): Files => {
  const { filterStatusOk, http, targetName } = device

  const sent = (path: string, name: string, request: HttpClientRequest.HttpClientRequest) =>
    Change.make(
      Change.irreversible<UploadedFile>({
        targetName,
        at: rest.at(path),
        kind: "file",
        action: "upload",
        name,
        cannot: "the file stays on the device",
        planned: undefined
      }),
      upload(path, request)
    )

  const upload = (path: string, request: HttpClientRequest.HttpClientRequest) =>
    Effect.gen(function* () {
      const response = yield* Effect.flatMap(http.execute(request), filterStatusOk)
      const reply = yield* Reply.fromResponse(response)
      const json = Reply.json(reply)
      if (StatusError.isError(json))
        return yield* yield* StatusFilter.errorAnswered(targetName, filterStatusOk, response, reply)
      return yield* Effect.mapError(
        Schema.decodeUnknown(UploadedFile)(json),
        () =>
          new ProtocolViolation({
            targetName,
            operation: `POST ${path.split(/[?#]/, 1)[0] ?? ""}`,
            detail: "the answer does not tell of a file",
            isChange: true
          })
      )
    })

  return {
    upload: (path, given) =>
      Effect.gen(function* () {
        yield* checkPath(path)
        const form = new FormData()
        const file = yield* UploadFile.toFile("file", given)
        form.append(field, file)
        return yield* sent(
          path,
          file.name,
          HttpClientRequest.post(path).pipe(HttpClientRequest.bodyFormData(form))
        )
      }),
    uploadFrom: (path, file, options = {}) =>
      Effect.gen(function* () {
        yield* checkPath(path)
        yield* InputSchema.check(Options, options, "an upload")
        const name = yield* UploadFile.checkFileName(
          "name",
          options.name ?? basename(yield* PathSegment.text("file", file))
        )
        return yield* sent(path, name, yield* FileTransfer.form(path, field, { path: file, name }))
      }),
    download: (path) => Effect.zipRight(checkPath(path), FileTransfer.load(device, path)),
    downloadTo: (path, file, options) =>
      Effect.zipRight(checkPath(path), FileTransfer.save(device, path, file, options))
  }
}

const field = "fileToUpload"

/** `checkPath` checks that a path, without its query, lacks no segment: an id that is empty would name a list. */
const checkPath = (path: string) =>
  PathSegment.join(typeof path === "string" ? (path.split("?", 1)[0] ?? "") : path)
