import { refuse } from "./Replies.ts"

export type Section = "Mandatory" | "Default"

export interface Category {
  readonly id: string
  readonly name: string
  readonly section: Section
}

/** `RulePosition` is where a rule stands. */
export interface RulePosition {
  readonly id: string
  readonly section: Section
  readonly category: string | undefined
}

/** `InsertOptions` say where new rules are wanted, as the query says it: indices count from 1. */
export interface InsertOptions {
  readonly section: string | null
  readonly category: string | null
  readonly insertBefore: string | null
  readonly insertAfter: string | null
}

/** The order of a policy's rules: those of the mandatory section first, then those of the default one. */
export class Rulebook {
  readonly categories: Array<Category> = []
  #places: Array<RulePosition> = []

  get positions(): ReadonlyArray<RulePosition> {
    return this.#places
  }

  /** The index from 1 and the place, by the rule's id. */
  indexed(): ReadonlyMap<string, readonly [index: number, place: RulePosition]> {
    return new Map(this.#places.map((position, at) => [position.id, [at + 1, position]]))
  }

  /**
   * `insertAt` finds the spot first, and refuses with 400 where there is none; the rules take it when the spot is
   * called.
   */
  insertAt(wanted: InsertOptions): (ids: ReadonlyArray<string>) => void {
    if (wanted.section !== null && wanted.category !== null) {
      throw refuse(400, "Section and category cannot be given together.", "VALIDATION")
    }
    const category = wanted.category === null ? undefined : this.#category(wanted.category)
    const section = wanted.section === null ? category?.section : sectionOf(wanted.section)
    // Cisco's text: insertBefore goes before insertAfter.
    const index = wanted.insertBefore ?? wanted.insertAfter
    if (index === null) {
      return this.#at(this.#endOf(section ?? "Default", category), section ?? "Default", category?.name)
    }
    const neighbour = /^\d{1,6}$/.test(index) ? this.#places[Number(index) - 1] : undefined
    if (neighbour === undefined) throw refuse(400, `There is no rule with index ${index}.`, "VALIDATION")
    const at = wanted.insertBefore === null ? Number(index) : Number(index) - 1
    const own = section ?? neighbour.section
    if (this.#breaks(at, own)) {
      throw refuse(400, `The index ${index} is outside of the section ${own}.`, "VALIDATION")
    }
    return this.#at(at, own, section === undefined ? neighbour.category : category?.name)
  }

  remove(ids: ReadonlySet<string>): void {
    this.#places = this.#places.filter(({ id }) => !ids.has(id))
  }

  #at(at: number, section: Section, category: string | undefined) {
    return (ids: ReadonlyArray<string>) => {
      const added = ids.map((id) => ({ id, section, category }))
      this.#places = [...this.#places.slice(0, at), ...added, ...this.#places.slice(at)]
    }
  }

  #category(name: string): Category {
    const category = this.categories.find((candidate) => candidate.name === name)
    if (category === undefined) throw refuse(400, `The category ${name} does not exist.`, "VALIDATION")
    return category
  }

  #endOf(section: Section, category: Category | undefined): number {
    const last = this.#places.findLastIndex((position) => position.category === category?.name)
    if (category !== undefined && last >= 0) return last + 1
    return section === "Default"
      ? this.#places.length
      : this.#places.filter((position) => position.section === "Mandatory").length
  }

  #breaks(at: number, section: Section): boolean {
    return section === "Mandatory"
      ? this.#places[at - 1]?.section === "Default"
      : this.#places[at]?.section === "Mandatory"
  }
}

/** Cisco's text: only `mandatory` and `default`. */
export const sectionOf = (text: string): Section => {
  if (/^mandatory$/i.test(text)) return "Mandatory"
  if (/^default$/i.test(text)) return "Default"
  throw refuse(400, "Invalid section: expected mandatory or default.", "VALIDATION")
}
