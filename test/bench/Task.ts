/** `Row` is a kind of work: requests one after another, or eight at once; a long list; a fleet; a whole process. */
export type Row = "one" | "eight" | "list" | "fleet" | "job"

/** `Task` is what a process of the bench is to measure. */
export interface Task {
  readonly row: Row
  readonly contenders: ReadonlyArray<string>
  readonly rounds: number
  /** `warmUp` is how many rounds go before them, and are not counted. */
  readonly warmUp: number
  /** `count` is how many requests there are in a round, or how many devices. */
  readonly count: number
  /** `facts` is the file with the device's. */
  readonly facts: string
}

/** `Sample` is what one contender took in one round, for one request, device or list: microseconds, and bytes. */
export interface Sample {
  readonly contender: string
  readonly wall: number
  readonly cpu: number
  /** `begin` is the memory of its process before it, with all that is loaded, and `peak` the most of all. */
  readonly begin?: number | undefined
  readonly peak?: number | undefined
}
