// What a report has to say of the devices that an undo leaves behind: exactly what is not as it was.
import type { Workflow } from "sallyport"
import { holds, same } from "./claims.ts"
import type { Done, Setting } from "./scenario.ts"
import { differencesOf, keysOf, type State } from "./world.ts"

/** What a report says is not as it was: what is left, and of what was created anew what lay below it. */
export const toldBy = (
  report: Workflow.RunReport,
  called: ReadonlyMap<string, string>
): ReadonlySet<string> =>
  new Set(
    report.changes.flatMap((one) => {
      const keys = keysOf(one, called)
      if (isLeft(one)) return keys
      if (one.state !== "undone" || one.why === undefined) return []
      return one.newId === undefined ? keys : keysOf(one, called, true)
    })
  )

const isLeft = ({ state }: Workflow.ChangeReport) => state === "left" || state === "unknown"

export const isTold = (told: ReadonlySet<string>, key: string): boolean => {
  const policy = /^rules ([^/]+)\//.exec(key)?.[1]
  return told.has(key) || told.has(`below ${policy}`)
}

/** The changes of a report, short. */
export const shortOf = ({ changes }: Workflow.RunReport) =>
  changes.map(({ action, name, path, state, why }) =>
    [action, name, path.split("/").slice(6).join("/"), state, why ?? ""].join(" · ")
  )

/** What nobody could look at may be told although it is as it was; what was deployed nobody looks at here. */
const isUnseen = ({ action, state, why = "" }: Workflow.ChangeReport) =>
  action === "deploy" || state === "unknown" || /^Nobody knows| was not reached/.test(why)

/**
 * Of several changes of one object each is told by itself: one whose undo has failed, such as the removal of what the
 * run had created before, may have left it as it was at first.
 */
const mayBeAsBefore = (one: Workflow.ChangeReport, left: ReadonlyArray<Workflow.ChangeReport>) =>
  isUnseen(one) || left.filter(({ name }) => name?.toLowerCase() === one.name?.toLowerCase()).length > 1

/** That what a report says is left is what is not as it was, and that an undo leaves alone what is somebody else's. */
export const toldRightly = (own: Setting, before: State, after: State, report: Workflow.RunReport): void => {
  const { called, rivals } = own
  const left = report.changes.filter(isLeft)
  const told = toldBy(report, called)
  const differences = differencesOf(before, after)
  const theirs = new Set(rivals.flatMap(({ keys }) => keys.flatMap(spellingsOf)))
  const about = {
    changes: shortOf(report),
    rivals: rivals.map(({ keys, when }) => [when, ...keys]),
    differences: differences.map((key) => [key, before.get(key), after.get(key)]),
    errors: report.errors,
    requests: own.sandbox.arrivals.map(({ isDone, method, path }) => `${method} ${path} ${isDone}`)
  }
  const isUntold = (key: string) =>
    !isTold(told, key) && !theirs.has(key) && !isMovedAlong(key, theirs, before, after)
  const untold = differences.filter(isUntold)
  holds(untold.length === 0, `${untold} is not told`, about)
  for (const one of left) {
    holds(Boolean(one.why), `${one.name} is left for no reason`, about)
    const isSo = keysOf(one, called).some((key) => differences.includes(key) || theirs.has(key))
    holds(isSo || mayBeAsBefore(one, left), `${one.action} ${one.name} is told, and is not so`, about)
  }
  if (report.undo !== undefined) same(report.undo.left, left.length, "an undo counts what it has left", about)
  rivals.forEach((one, number) => {
    const later = rivals.slice(number + 1).flatMap(({ keys }) => keys)
    if (one.when !== "end" && one.when !== "undo") return
    for (const key of one.keys) {
      if (later.includes(key) || one.along?.includes(key) || isOvertaken(own, one, key)) continue
      const theirs = one.after.get(key)
      const isKept = spellingsOf(key).some((own) =>
        isShared(key)
          ? !hasSomebodys(theirs) || hasSomebodys(after.get(own))
          : plain(after.get(own)) === plain(theirs)
      )
      holds(isKept, `${key} is somebody else's`, [theirs, about])
    }
  })
}

/** What lies below something that somebody has renamed is called otherwise, and is what it was. */
const isMovedAlong = (key: string, theirs: ReadonlySet<string>, before: State, after: State): boolean => {
  const [, list, above = "", rest = ""] = /^(rules|order|mappings|overrides) ([^/]+)(.*)$/.exec(key) ?? []
  const former = above.replace("-other", "")
  const isRenamed = [...theirs].some((one) => one.endsWith(` ${former}-other`))
  const now = after.get(`${list} ${former}-other${rest}`)
  return isRenamed && before.get(`${list} ${former}${rest}`) === now?.replace("-other", "")
}

/** What lies below something that the run has renamed is called by another name when that is undone. */
const spellingsOf = (key: string): ReadonlyArray<string> =>
  /^(rules|order|mappings|overrides) /.test(key) ? [key, key.replace(/-new(?=\/|$)/, "")] : [key]
export const plain = (shown: string | undefined) => shown?.replaceAll("-new", "")

/** `isShared` holds for that in which an undo takes back its own entries, whoever else has changed it. */
export const isShared = (key: string) => /^(groups|dynamic|mappings|order) /.test(key)

/** What somebody adds to a group or an object is an address that no script knows. */
const hasSomebodys = (shown: string | undefined) => shown?.includes('.77"') === true

const places: Readonly<Record<string, RegExp>> = {
  hosts: /\/domain\/.*\/object\/hosts/,
  overrides: /\/domain\/.*\/object\/hosts/,
  groups: /\/domain\/.*\/object\/networkgroups/,
  dynamic: /\/object\/dynamicobjects/,
  mappings: /\/object\/dynamicobjects/,
  policies: /\/accesspolicies/,
  rules: /\/accesspolicies/,
  networks: /\/fdm\/.*\/object\/networks/,
  fdmGroups: /\/fdm\/.*\/object\/networkgroups/
}

const belows: Readonly<Record<string, string>> = {
  overrides: "overrides",
  mappings: "mappings",
  rules: "accessrules",
  order: "accessrules"
}

/**
 * Whether somebody has acted between the look of an undo at something and its write: no device can be asked to change it
 * only if it is still as it was seen.
 */
const isOvertaken = ({ sandbox }: Setting, { behind }: Done, key: string): boolean => {
  const [kind = ""] = key.split(" ")
  const place = places[kind]
  // Nobody sees its rules or its settings by looking at a policy, nor the policy by looking at them.
  const below =
    /\/(accessrules|categories|mappings|overrides|\w+settings|defaultactions|securityintelligencepolicies)\b/
  const isLook = ({ method, path }: { readonly method: string; readonly path: string }) =>
    method === "GET" && place?.test(path) && below.exec(path)?.[1] === belows[kind]
  if (!sandbox.arrivals.some(isLook)) return false
  const since = sandbox.arrivals.slice(behind).filter(({ path }) => place?.test(path))
  return since.some(
    ({ isDone, method, path }, at) =>
      method !== "GET" &&
      isDone &&
      !since
        .slice(0, at)
        .some((one) => isLook(one) && (path.startsWith(one.path) || one.path.startsWith(path)))
  )
}
