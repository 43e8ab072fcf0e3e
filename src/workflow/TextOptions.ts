import * as Schema from "effect/Schema"
import * as InputSchema from "../validation/InputSchema.ts"

/**
 * `checkText` takes the options of a text of a plan or a report. All of its forms take the same, so that a script may
 * have one for all; a page has no colours to choose. Throws `InvalidInput`.
 */
export const checkText = (options: unknown, owner: string): void =>
  InputSchema.checkSync(textOptions, options, owner)

const { optional } = InputSchema
const textOptions = Schema.Struct({
  colors: optional(Schema.Boolean, "true or false"),
  script: optional(Schema.String, 'how the script is called, as in "node deploy.js"')
})
