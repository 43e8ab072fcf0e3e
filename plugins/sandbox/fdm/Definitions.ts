import type { Kind } from "./Kind.ts"
import { linked, type Model } from "./LinkedModels.ts"

type Schema = Readonly<Record<string, unknown>>

/**
 * `definitions` gives the `definitions` of the description: each model, its wrapper with links where it is sent with
 * them, its enums.
 */
export const definitions = (kinds: ReadonlyArray<Kind>): Readonly<Record<string, Schema>> => ({
  ...Object.fromEntries(
    [...Object.entries(enums), ...kinds.flatMap(enumsOf)].map(([name, values]) => [
      name,
      { type: "string", enum: values }
    ])
  ),
  ...Object.fromEntries(Object.entries(plain).map(([name, model]) => [name, schemaOf(model)])),
  ...Object.fromEntries(
    [...Object.entries(linked), ...kinds.map((kind) => [kind.model, modelOf(kind)] as const)].flatMap(
      ([name, model]) => [
        [name, schemaOf(model)],
        [`${name}Wrapper`, { allOf: [reference(name), reference("LinksWrapper")] }]
      ]
    )
  )
})

/** `modelOf` gives the model of a kind: its own fields, and those that all have. */
const modelOf = ({ fields, isDescribed, isNameless, type }: Kind): Model => {
  const needed = Object.keys(fields).filter((name) => fields[name]?.isRequired)
  const own = Object.entries(fields).map(([name, { property }]) => [name, property] as const)
  const common = {
    ...(!isNameless && { version: text, name: text }),
    ...(isDescribed !== false && { description: text })
  }
  return {
    required: [...needed, "type"],
    properties: { ...common, ...Object.fromEntries(own), id: text, type: `=${type}` }
  }
}

const enumsOf = ({ fields }: Kind): ReadonlyArray<[string, ReadonlyArray<string>]> =>
  Object.values(fields).flatMap(({ property, words }) =>
    words === undefined || typeof property !== "string" ? [] : [[property, words]]
  )

export const reference = (name: string): Schema => ({ $ref: `#/definitions/${name}` })

const schemaOf = ({ required = [], properties }: Model): Schema => ({
  type: "object",
  ...(required.length > 0 && { required }),
  properties: Object.fromEntries(Object.entries(properties).map(([name, given]) => [name, property(given)]))
})

/**
 * `property` reads `string`, `integer`, `boolean`, `object`; a model's name as a reference; `[…]` as a list of such;
 * `=text` as a string with its default, as devices tell types apart. A list of words is an enum.
 */
const property = (given: string | ReadonlyArray<string>): Schema => {
  if (typeof given !== "string") return { type: "string", enum: given }
  if (given.startsWith("[")) return { type: "array", items: property(given.slice(1, -1)) }
  if (given.startsWith("=")) return { type: "string", default: given.slice(1) }
  if (/^[a-z]/.test(given)) return { type: given }
  // As devices write it, although nothing beside a reference counts.
  return { type: Object.hasOwn(enums, given) ? "string" : "object", ...reference(given) }
}

const enums: Readonly<Record<string, ReadonlyArray<string>>> = {
  DeploymentState: ["QUEUED", "DEPLOYING", "DEPLOYED", "DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"],
  JobHistoryStatus: ["QUEUED", "IN_PROGRESS", "FAILED", "SUCCESS"],
  JobExecutionType: ["NONE", "IMMEDIATE", "DAILY", "WEEKLY", "MONTHLY", "SINGLE", "CRON", "HOURLY"],
  BackupLocation: ["DEFAULT", "SDCARD"],
  UserServiceType: ["RA_VPN", "MGMT"]
}

const text = "string"
const versioned = { version: text, name: text }
/** `plain` are sent without links. */
const plain: Readonly<Record<string, Model>> = {
  Links: { properties: { self: text } },
  LinksWrapper: { required: ["links"], properties: { links: "Links" } },
  Paging: {
    required: ["prev", "next", "limit", "offset", "count", "pages"],
    properties: {
      prev: "[string]",
      next: "[string]",
      limit: "integer",
      offset: "integer",
      count: "integer",
      pages: "integer"
    }
  },
  ErrorWrapper: { required: ["error"], properties: { error: "ErrorResponse" } },
  ErrorResponse: {
    required: ["key", "messages", "severity"],
    properties: {
      severity: text,
      key: ["General", "Validation", "Deployment"],
      messages: "[ErrorMessage]"
    }
  },
  ErrorMessage: { properties: { description: text, code: text, location: text } },
  ReferenceModel: { required: ["id", "type"], properties: { id: text, type: text, ...versioned } },
  AccessDefaultAction: {
    required: ["type"],
    properties: { action: text, eventLogAction: text, type: "=accessdefaultaction" }
  },
  TokenPayloadUnion: {
    required: ["grant_type"],
    properties: {
      grant_type: ["custom_token", "refresh_token", "revoke_token", "password"],
      access_token: text,
      desired_expires_in: "integer",
      desired_refresh_expires_in: "integer",
      desired_subject: text,
      desired_refresh_count: "integer",
      refresh_token: text,
      token_to_revoke: text,
      custom_token_id_to_revoke: text,
      custom_token_subject_to_revoke: text,
      username: text,
      password: text
    }
  },
  TokenResponseUnion: {
    properties: {
      access_token: text,
      expires_in: "integer",
      token_type: "=Bearer",
      refresh_token: text,
      refresh_expires_in: "integer",
      status_code: "integer",
      message: text
    }
  },
  TokenStatus: {
    required: ["status_code", "message"],
    properties: { status_code: "integer", message: text }
  },
  DatabaseInfo: {
    required: ["buildVersion", "schemaVersion", "type", "softwareVersion"],
    properties: { softwareVersion: text, buildVersion: text, schemaVersion: text, type: "=databaseinfo" }
  },
  UserPreferences: {
    required: ["colorTheme", "type"],
    properties: { preferredTimeZone: text, colorTheme: text, type: "=userpreferences" }
  }
}
