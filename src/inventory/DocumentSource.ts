import { dirname, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Document from "../documents/Document.ts"
import * as Places from "../documents/Places.ts"
import * as TextFile from "../documents/TextFile.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { Source } from "./Source.ts"

/**
 * `parse` reads an inventory in YAML or JSON, by the file's ending. Fails with `InvalidInput`, which never shows what
 * stands in the file.
 */
export const parse = (path: string, text: string): Effect.Effect<Source, InvalidInput> =>
  Effect.gen(function* () {
    const file = TextFile.nameOf(path)
    const document = yield* /\.json$/i.test(path)
      ? Document.parseJson(file, text)
      : Document.parseYaml(file, text)
    const placeOf = Places.byLine(file, yield* document.lines)
    return { data: document.value, isText: false, folder: dirname(resolve(path)), placeOf }
  })
