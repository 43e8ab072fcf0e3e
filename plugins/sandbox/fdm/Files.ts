import { randomUUID } from "node:crypto"
import type { Answer, Call, Handler, Part, Route } from "../appliance/Call.ts"
import { invalid, refuse } from "./Replies.ts"

/**
 * `routes` are `/action/uploaddiskfile` and `/action/downloaddiskfile/{id}`: what was uploaded comes back as it was.
 */
export const routes = (): ReadonlyArray<Route> => {
  const files = new Map<string, Part>()
  return [
    {
      path: /^\/api\/fdm\/[^/]+\/action\/uploaddiskfile$/,
      verbs: { POST: upload((id, file) => files.set(id, file)) }
    },
    {
      path: /^\/api\/fdm\/[^/]+\/action\/downloaddiskfile\/([^/]+)$/,
      verbs: {
        GET: (_, [id = ""]) => {
          const file = files.get(id)
          if (file === undefined) throw refuse(404, "The file does not exist.")
          return download(file.fileName ?? id, file.bytes)
        }
      }
    }
  ]
}

/**
 * `upload` takes the one file of a form, from the field `fileToUpload` (FDM OpenAPI, postuploaddiskfile), and hands it
 * on with its new id.
 */
export const upload =
  (keep: (id: string, file: Part) => void): Handler =>
  (call) => {
    const file = fileOf(call)
    const id = randomUUID()
    keep(id, file)
    const extension = /\.\w+$/.exec(file.fileName ?? "")?.[0] ?? ""
    return {
      status: 200,
      body: {
        version: null,
        name: null,
        fileName: file.fileName,
        diskFileName: `${id}${extension}`,
        id,
        type: "fileuploadstatus",
        links: { self: `${call.origin}${call.path}/${id}` }
      }
    }
  }

/** `download` gives the bytes, to be saved under a name. */
export const download = (name: string, bytes: Uint8Array): Answer => ({
  status: 200,
  headers: {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename="${name.replace(/[^\w.-]/g, "_")}"`
  },
  body: bytes
})

const fileOf = (call: Call): Part => {
  const file = call.parts?.find(({ name, fileName }) => name === "fileToUpload" && fileName !== undefined)
  if (file === undefined) {
    throw invalid("A form with a file in fileToUpload is needed.", "fileMissing", "fileToUpload")
  }
  return file
}
