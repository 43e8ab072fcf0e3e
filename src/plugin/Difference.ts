/**
 * Whether what is there lacks something of what is wanted. Only what is wanted is looked at: devices add fields of their
 * own. Members of a list that are known by an `id`, or by a `value`, have no order; an FMC hands them back in its own.
 */
export const differs = (wanted: unknown, there: unknown): boolean => {
  if (Array.isArray(wanted)) return listDiffers(wanted, there)
  if (isRecord(wanted)) {
    return !isRecord(there) || Object.entries(wanted).some(([key, value]) => fieldDiffers(value, there, key))
  }
  return !isSame(wanted, there)
}

/** What is there, with what is wanted put over it: fields that are not wanted stay as they are, at any depth. */
export const merged = <A extends Readonly<Record<string, unknown>>>(
  there: A,
  wanted: Readonly<Record<string, unknown>>
): A => {
  const both = Object.entries(wanted).flatMap(([key, value]) => {
    const before = Object.hasOwn(there, key) ? there[key] : undefined
    if (value === undefined) return []
    return [[key, isRecord(value) && isRecord(before) ? merged(before, value) : value] as const]
  })
  // A wanted field has the type of the one that it replaces; the device is the judge of that.
  return { ...there, ...Object.fromEntries(both) } as A
}

const fieldDiffers = (wanted: unknown, record: Readonly<Record<string, unknown>>, key: string): boolean => {
  const there = Object.hasOwn(record, key) ? record[key] : undefined
  // An address, a prefix or a name of DNS: case does not count in any of them.
  if (key === "value" && typeof wanted === "string" && typeof there === "string") {
    return text(wanted).toLowerCase() !== text(there).toLowerCase()
  }
  return wanted !== undefined && differs(wanted, there)
}

const listDiffers = (wanted: ReadonlyArray<unknown>, there: unknown): boolean => {
  // Devices leave an empty list out.
  const found: ReadonlyArray<unknown> = Array.isArray(there) ? there : []
  const names = wanted.map(nameOf)
  if (names.some((name) => name === undefined)) {
    return wanted.length !== found.length || wanted.some((one, index) => differs(one, found[index]))
  }
  // What is named twice is there once.
  const byName = new Map(found.map((one) => [nameOf(one), one]))
  return (
    byName.size !== new Set(names).size || wanted.some((one, index) => differs(one, byName.get(names[index])))
  )
}

const nameOf = (one: unknown): string | undefined => {
  if (!isRecord(one)) return undefined
  if (typeof one.id === "string") return `id ${one.id}`
  return typeof one.value === "string" ? `value ${one.value.trim().toLowerCase()}` : undefined
}

// Devices write numbers as strings, an absent text as a space, and addresses in lower case.
const isSame = (wanted: unknown, there: unknown): boolean => {
  if (wanted === null || there === null || there === undefined || isRecord(there) || Array.isArray(there)) {
    return wanted === there || ((wanted === null || wanted === "") && (there === undefined || there === null))
  }
  return wanted === there || text(wanted) === text(there)
}

const text = (value: unknown): string => String(value).trim()

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
