export { type Clause, ContractBroken, type Outcome } from "./Clause.ts"
export { contract } from "./Contract.ts"
export type { Counts, Options, Subject } from "./Subject.ts"
export { authProvider } from "./Suite.ts"
