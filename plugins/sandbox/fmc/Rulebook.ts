import { refuse } from "./Replies.ts"

export type Section = "Mandatory" | "Default"

export interface Category {
  readonly id: string
  readonly name: string
  readonly section: Section
}

/** `RulePosition` is where a rule stands. */
interface RulePosition {
  readonly id: string
  readonly section: Section
  readonly category: string | undefined
}

/** `InsertOptions` say where new rules are wanted, as the query says it: indices count from 1. */
interface InsertOptions {
  readonly section: string | null
  readonly category: string | null
  readonly insertBefore: string | null
  readonly insertAfter: string | null
}

/** `Rulebook` is the order of a policy's rules: those of the mandatory section first, then those of the default one. */
export interface Rulebook {
  readonly categories: Array<Category>
  /** `rename` puts another in the place of a category, or none; its rules go with it. */
  readonly rename: (old: Category, category: Category | undefined) => void
  readonly positions: ReadonlyArray<RulePosition>
  /** `indexed` gives the index from 1 and the place, by the rule's id. */
  readonly indexed: () => ReadonlyMap<string, readonly [index: number, place: RulePosition]>
  /**
   * `insertAt` finds the spot first, and refuses with 400 where there is none; the rules take it when the spot is
   * called.
   */
  readonly insertAt: (wanted: InsertOptions) => (ids: ReadonlyArray<string>) => void
  readonly remove: (ids: ReadonlySet<string>) => void
}

export const make = (): Rulebook => {
  const categories: Array<Category> = []
  let places: Array<RulePosition> = []

  const indexed = (): ReadonlyMap<string, readonly [index: number, place: RulePosition]> =>
    new Map(places.map((position, at) => [position.id, [at + 1, position]]))

  const insertAt = (wanted: InsertOptions): ((ids: ReadonlyArray<string>) => void) => {
    if (wanted.section !== null && wanted.category !== null) {
      throw refuse(400, "Section and category cannot be given together.", "VALIDATION")
    }
    const category = wanted.category === null ? undefined : categoryNamed(wanted.category)
    const section = wanted.section === null ? category?.section : sectionOf(wanted.section)
    // insertBefore goes before insertAfter (FMC OpenAPI, createMultipleAccessRule).
    const index = wanted.insertBefore ?? wanted.insertAfter
    if (index === null) {
      return insertedAt(endOf(section ?? "Default", category), section ?? "Default", category?.name)
    }
    const neighbour = /^\d{1,6}$/.test(index) ? places[Number(index) - 1] : undefined
    if (neighbour === undefined) throw refuse(400, `There is no rule with index ${index}.`, "VALIDATION")
    const at = wanted.insertBefore === null ? Number(index) : Number(index) - 1
    const own = section ?? neighbour.section
    if (breaks(at, own)) {
      throw refuse(400, `The index ${index} is outside of the section ${own}.`, "VALIDATION")
    }
    return insertedAt(at, own, section === undefined ? neighbour.category : category?.name)
  }

  const remove = (ids: ReadonlySet<string>): void => {
    places = places.filter(({ id }) => !ids.has(id))
  }

  const rename = (old: Category, category: Category | undefined): void => {
    categories.splice(categories.indexOf(old), 1, ...(category === undefined ? [] : [category]))
    places = places.map((position) =>
      position.category === old.name ? { ...position, category: category?.name } : position
    )
  }

  const insertedAt =
    (at: number, section: Section, category: string | undefined) => (ids: ReadonlyArray<string>) => {
      const added = ids.map((id) => ({ id, section, category }))
      places = [...places.slice(0, at), ...added, ...places.slice(at)]
    }

  const categoryNamed = (name: string): Category => {
    const category = categories.find((candidate) => candidate.name === name)
    if (category === undefined) throw refuse(400, `The category ${name} does not exist.`, "VALIDATION")
    return category
  }

  const endOf = (section: Section, category: Category | undefined): number => {
    const last = places.findLastIndex((position) => position.category === category?.name)
    if (category !== undefined && last >= 0) return last + 1
    return section === "Default"
      ? places.length
      : places.filter((position) => position.section === "Mandatory").length
  }

  const breaks = (at: number, section: Section): boolean =>
    section === "Mandatory" ? places[at - 1]?.section === "Default" : places[at]?.section === "Mandatory"

  return {
    categories,
    rename,
    indexed,
    insertAt,
    remove,
    get positions() {
      return places
    }
  }
}

/** `sectionOf` knows `mandatory` and `default` only (FMC OpenAPI, createMultipleAccessRule). */
export const sectionOf = (text: string): Section => {
  if (/^mandatory$/i.test(text)) return "Mandatory"
  if (/^default$/i.test(text)) return "Default"
  throw refuse(400, "Invalid section: expected mandatory or default.", "VALIDATION")
}
