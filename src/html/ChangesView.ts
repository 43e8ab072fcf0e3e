import type { FieldDiff } from "../workflow/plan/FieldDiff.ts"
import type { PlannedChange } from "../workflow/plan/Plan.ts"
import * as PlanWords from "../workflow/plan/PlanWords.ts"
import { filterView } from "./FilterView.ts"
import { type Html, html } from "./Html.ts"
import type { Tone } from "./Tone.ts"

/** `ShownChange` is a change of a plan or of a report. */
export type ShownChange = Pick<
  PlannedChange,
  "action" | "device" | "fields" | "kind" | "name" | "place" | "step"
>

/** `ChangeMark` is what is said of a change beside what it is. */
interface ChangeMark {
  readonly tone: Tone
  readonly text: string
}

/** `ChangesViewOptions` say how changes are shown. */
export interface ChangesViewOptions<A> {
  readonly markOf: (change: A) => ChangeMark
  readonly names: PlanWords.PlanNames
  /** `most` is how many are shown: those first that somebody has to look at. */
  readonly most: number
  /** `areItems` says that they have a filter. */
  readonly areItems: boolean
}

/** `mostChanges` is how many changes a page shows at most. */
export const mostChanges = 5000

const fewestOfEach = 10

/** `mostOfEach` is how many of them each of so many parts of a page shows. */
export const mostOfEach = (parts: number): number =>
  Math.max(fewestOfEach, Math.floor(mostChanges / Math.max(1, parts)))

/** `changesView` shows changes, under a head for each device and step. */
export const changesView = <A extends ShownChange>(
  changes: ReadonlyArray<A>,
  options: ChangesViewOptions<A>
): Html => {
  const shown = firstOf(changes, options)
  const rest = changes.length - shown.length
  const filter = options.areItems
    ? filterView(
        "changes",
        shown.map((change) => options.markOf(change).text)
      )
    : undefined
  return html`${filter}${groups(shown).map(
    ([head, some]) =>
      html`<div${options.areItems ? html` data-group` : undefined}>${head === "" ? undefined : html`<p class="where">${head}</p>`}<ul class="changes">${some.map((change) => changeView(change, options))}</ul></div>`
  )}${rest === 0 ? undefined : html`<p class="more">And ${rest} more, which the report as JSON has.</p>`}`
}

/** `firstOf` are the changes that are shown, in their order: of a long list those first that somebody has to look at. */
const firstOf = <A extends ShownChange>(
  changes: ReadonlyArray<A>,
  { markOf, most }: ChangesViewOptions<A>
): ReadonlyArray<A> => {
  if (changes.length <= most) return changes
  const isBad = (change: A) => markOf(change).tone === "bad"
  const chosen = new Set([...new Set([...changes.filter(isBad), ...changes])].slice(0, most))
  return changes.filter((change) => chosen.has(change))
}

const groups = <A extends ShownChange>(
  changes: ReadonlyArray<A>
): ReadonlyArray<readonly [string, ReadonlyArray<A>]> => {
  const all: Array<[string, Array<A>]> = []
  for (const change of changes) {
    const head = [change.device, change.step].filter((part) => part !== "").join(" · ")
    const last = all.at(-1)
    if (last?.[0] === head) last[1].push(change)
    else all.push([head, [change]])
  }
  return all
}

const changeView = <A extends ShownChange>(
  change: A,
  { areItems, markOf, names }: ChangesViewOptions<A>
): Html => {
  const { text, tone } = markOf(change)
  const { look, sign, word } = actionOf(change.action)
  const fields = PlanWords.tellingFields(change)
  return html`<li class="change"${areItems ? html` data-item data-state="${text}"` : undefined}>
<p class="line"><span class="sign ${look}" aria-hidden="true">${sign}</span> <span class="action">${word}</span> <b>${PlanWords.objectText(change)}</b> <span class="mark ${tone}">${text}</span></p>
${
  fields.length === 0
    ? undefined
    : html`<dl class="fields">${fields.map((field) => html`<div><dt>${field.field}</dt><dd>${fieldView(field, names)}</dd></div>`)}</dl>`
}</li>
`
}

const actionOf = (action: string): { readonly look: string; readonly sign: string; readonly word: string } =>
  actions.get(action) ?? { look: "other", sign: "!", word: action }

const actions = new Map([
  ["create", { look: "create", sign: "+", word: "Create" }],
  ["update", { look: "update", sign: "~", word: "Update" }],
  ["remove", { look: "remove", sign: "−", word: "Remove" }]
])

const fieldView = (
  { added, after, before, removed }: FieldDiff,
  names: PlanWords.PlanNames
): ReadonlyArray<Html | string> => {
  const text = (value: unknown) => PlanWords.valueText(value, names)
  if (added !== undefined || removed !== undefined) {
    const parts = [
      ...(added ?? []).map((one) => html`+ <ins>${text(one)}</ins> `),
      ...(removed ?? []).map((one) => html`− <del>${text(one)}</del> `)
    ]
    const rest = parts.length - PlanWords.maxMembers
    return rest <= 0 ? parts : [...parts.slice(0, PlanWords.maxMembers), `and ${rest} more`]
  }
  const next = after === undefined ? "nothing" : text(after)
  if (before === undefined) return [html`<ins>${next}</ins>`]
  return [html`<del>${text(before)}</del> <span aria-hidden="true">→</span> <ins>${next}</ins>`]
}
